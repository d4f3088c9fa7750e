#include "app/coordination/kill_switch.h"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>

namespace arbees::app {
namespace {

// What the latch says when this switch has set it.
constexpr std::string_view kMark = "kill switch of Redis";

constexpr std::array<std::string_view, 4> kHalts = {"HALT", "STOP", "ON", "ENABLE"};
constexpr std::array<std::string_view, 4> kResumes = {"RESUME", "START", "OFF", "DISABLE"};

std::string word_of(std::string_view text) {
  const auto is_around = [](char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"' || c == '\'';
  };
  while (!text.empty() && is_around(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_around(text.back())) text.remove_suffix(1);
  std::string word(text);
  for (char& c : word) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return word;
}

// The word in {"command":"HALT"}; the text itself if it is no such object.
std::string command_in(std::string_view text) {
  if (text.find('{') == std::string_view::npos || text.size() > 4'096) return std::string(text);
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) return std::string(text);
  for (const char* name : {"command", "action"}) {
    const auto found = document.FindMember(name);
    if (found != document.MemberEnd() && found->value.IsString()) return found->value.GetString();
  }
  return std::string(text);
}

}  // namespace

std::optional<SwitchCommand> parse_switch_command(std::string_view text) {
  const std::string word = word_of(command_in(text));
  if (std::find(kHalts.begin(), kHalts.end(), word) != kHalts.end()) return SwitchCommand::Halt;
  if (std::find(kResumes.begin(), kResumes.end(), word) != kResumes.end()) return SwitchCommand::Resume;
  return std::nullopt;
}

void KillSwitch::on_link(bool is_up, const std::string& why) {
  reason_ = is_up ? fmt::format("Redis: {} is not read yet", kKillSwitchKey) : "Redis is lost: " + why;
}

std::string KillSwitch::on_command(std::string_view text, Timestamp now) {
  const auto command = parse_switch_command(text);
  if (!command) {
    complaint_ = fmt::format("{}: \"{:.60}\" is no command (HALT, RESUME)", kKillSwitchChannel, text);
    return {};
  }
  if (*command == SwitchCommand::Halt) {
    // The halt counts at once, even where it cannot be kept.
    reason_ = fmt::format("Redis: {} is HALTED", kKillSwitchKey);
    if (when_halted_) when_halted_();
    const auto halted = latch_.halt(fmt::format("{}: {}", kMark, word_of(command_in(text))), now);
    if (!halted) complaint_ = "the halt of Redis cannot be kept on disk: " + halted.error();
    return "HALTED";
  }
  if (latch_.is_halted()) {
    const auto reasons = latch_.reasons();
    const auto other = std::find_if(reasons.begin(), reasons.end(),
                                    [](const std::string& reason) { return reason.find(kMark) == std::string::npos; });
    if (other != reasons.end()) {
      complaint_ = "RESUME of Redis does not lift a halt that came otherwise: " + *other;
    } else if (const auto resumed = latch_.resume("Redis", now); !resumed) {
      complaint_ = "the halt of Redis cannot be lifted: " + resumed.error();
    }
  }
  reason_.clear();
  return "ACTIVE";
}

void KillSwitch::on_status(const redis::Reply& reply) {
  if (reply.kind == redis::ReplyKind::Lost) return;  // the link says so itself
  if (reply.kind == redis::ReplyKind::Nothing || reply.text == "ACTIVE") {
    reason_.clear();
  } else if (reply.kind == redis::ReplyKind::Text && reply.text == "HALTED") {
    reason_ = fmt::format("Redis: {} is HALTED", kKillSwitchKey);
  } else {
    reason_ = fmt::format("Redis: {} says \"{:.60}\", which is neither HALTED nor ACTIVE", kKillSwitchKey, reply.text);
  }
}

}  // namespace arbees::app
