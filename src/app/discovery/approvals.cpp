#include "app/discovery/approvals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "adapters/telemetry/format.h"
#include "app/discovery/folder_file.h"

namespace arbees::app {
namespace {

constexpr const char* kFile = "approvals";
constexpr std::array<std::string_view, 4> kNames = {"none", "approved", "changed", "revoked"};

// The next word of the line; what follows the spaces behind it is left.
std::string_view take_word(std::string_view& line) {
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  return word;
}

}  // namespace

std::string_view approval_name(ApprovalState state) noexcept { return kNames[static_cast<std::size_t>(state)]; }

Result<Approvals, std::string> Approvals::open(const std::string& folder) {
  const std::string path = path_in(folder, kFile);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return Approvals();
  const auto text = read_whole(path);
  if (!text) return failure(text.error());
  Approvals approvals;
  std::string_view rest = *text;
  for (int number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!line.empty() && !approvals.read_line(line)) {
      return failure(fmt::format("{}:{}: not an approval", path, number));
    }
  }
  return approvals;
}

bool Approvals::read_line(std::string_view line) {
  const std::string_view state = take_word(line);
  const std::string_view key = take_word(line);
  const std::string_view digits = take_word(line);
  Row row;
  row.is_approved = state == "approved";
  row.at = std::string(take_word(line));
  row.reason = std::string(line);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), row.fingerprint, 16);
  const bool is_hex = digits.size() == 16 && read.ec == std::errc() && read.ptr == digits.data() + digits.size();
  if ((!row.is_approved && state != "revoked") || key.empty() || !is_hex) return false;
  rows_[std::string(key)] = std::move(row);
  return true;
}

ApprovalState Approvals::state(std::string_view key, std::uint64_t fingerprint) const {
  const auto found = rows_.find(key);
  if (found == rows_.end()) return ApprovalState::None;
  if (!found->second.is_approved) return ApprovalState::Revoked;
  return found->second.fingerprint == fingerprint ? ApprovalState::Approved : ApprovalState::Changed;
}

void Approvals::approve(const std::string& key, std::uint64_t fingerprint, Timestamp now) {
  rows_[key] = Row{fingerprint, true, to_iso_ms(now), {}};
}

bool Approvals::revoke(const std::string& key, std::string_view reason, Timestamp now) {
  const auto found = rows_.find(key);
  if (found == rows_.end()) return false;
  found->second.is_approved = false;
  found->second.at = to_iso_ms(now);
  found->second.reason = std::string(reason);
  return true;
}

bool Approvals::observe(const std::string& key, std::uint64_t fingerprint, Timestamp now) {
  return state(key, fingerprint) == ApprovalState::Changed && revoke(key, "rules or fees changed", now);
}

std::string Approvals::save(const std::string& folder) const {
  std::string text;
  for (const auto& [key, row] : rows_) {
    text += fmt::format("{} {} {} {}{}{}\n", row.is_approved ? "approved" : "revoked", key, to_hex(row.fingerprint),
                        row.at, row.reason.empty() ? "" : " ", row.reason);
  }
  return write_whole(folder, kFile, text);
}

}  // namespace arbees::app
