#include "adapters/postgres/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace arbees::postgres {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".batch";

std::string file_name(const Batch& batch) { return fmt::format("{}-{:012}{}", batch.writer, batch.number, kEnding); }

// Writes and syncs the whole text; empty, or what went wrong.
std::string write_through(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return std::system_category().message(errno);
  std::string wrong;
  for (std::size_t at = 0; at < text.size() && wrong.empty();) {
    const ssize_t written = ::write(file, text.data() + at, text.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) wrong = std::system_category().message(errno);
    if (written > 0) at += static_cast<std::size_t>(written);
  }
  if (wrong.empty() && ::fdatasync(file) != 0) wrong = std::system_category().message(errno);
  ::close(file);
  return wrong;
}

}  // namespace

SpillFolder::SpillFolder(std::string folder, std::uint64_t max_bytes)
    : folder_(std::move(folder)), max_bytes_(max_bytes) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(kEnding)) continue;
    bytes_ += files_[name] = entry.file_size(ignored);
  }
}

std::string SpillFolder::path(const std::string& name) const { return (fs::path(folder_) / name).string(); }

// Empty, or what went wrong. The file is whole under its name, or there is none.
std::string SpillFolder::write(const Batch& batch, const std::string& text, const char* ending) {
  std::error_code error;
  fs::create_directories(folder_, error);
  const std::string name = path(file_name(batch) + ending);
  const std::string fresh = name + ".new";
  std::string wrong = write_through(fresh, text);
  if (wrong.empty() && std::rename(fresh.c_str(), name.c_str()) != 0) wrong = std::system_category().message(errno);
  if (wrong.empty()) return {};
  std::remove(fresh.c_str());
  return fmt::format("{}: {}", name, wrong);
}

bool SpillFolder::add(const Batch& batch) {
  const std::string text = encode(batch);
  if (bytes_ + text.size() > max_bytes_) {
    trouble_ = fmt::format("{}: full ({} bytes of {})", folder_, bytes_, max_bytes_);
    return false;
  }
  const std::string wrong = write(batch, text, "");
  if (!wrong.empty()) {
    trouble_ = wrong;
    return false;
  }
  bytes_ += files_[file_name(batch)] = text.size();
  return true;
}

void SpillFolder::keep_refused(const Batch& batch) {
  const std::string wrong = write(batch, encode(batch), ".refused");
  if (!wrong.empty()) trouble_ = wrong;
}

std::optional<Batch> SpillFolder::oldest() {
  while (!files_.empty()) {
    const std::string name = path(files_.begin()->first);
    std::ifstream in(name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    auto batch = decode(text);
    if (batch) return std::move(*batch);
    trouble_ = fmt::format("{}: {}", name, batch.error());
    ++damaged_;
    set_aside(".damaged");
  }
  return std::nullopt;
}

void SpillFolder::remove_oldest() {
  std::remove(path(files_.begin()->first).c_str());
  forget_oldest();
}

void SpillFolder::set_aside(const char* ending) {
  const std::string name = path(files_.begin()->first);
  (void)std::rename(name.c_str(), (name + ending).c_str());
  forget_oldest();
}

void SpillFolder::forget_oldest() {
  bytes_ -= std::min(bytes_, files_.begin()->second);
  files_.erase(files_.begin());
}

}  // namespace arbees::postgres
