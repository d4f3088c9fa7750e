#include "app/running/folder_latch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <utility>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

// Of reasons: more are not added.
constexpr off_t kMostBytes = 16'384;

std::string trouble(const std::string& path) { return fmt::format("{}: {}", path, std::strerror(errno)); }

bool sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool ok = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return ok;
}

std::string file_text(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return {};
  std::string text(2 * kMostBytes, '\0');
  const ssize_t length = ::read(descriptor, text.data(), text.size());
  ::close(descriptor);
  text.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return text;
}

Timestamp changed_at(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return from_unix_s(0);
  return from_unix_s(found.st_mtim.tv_sec);
}

}  // namespace

std::string dated_reason(const std::string& reason, Timestamp now) {
  std::string text = fmt::format("{} {}", to_iso_ms(now), reason.empty() ? "no reason given" : reason);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

FolderLatch::FolderLatch(const std::string& folder, const std::string& name)
    : folder_(folder), path_((std::filesystem::path(folder) / name).string()) {}

bool FolderLatch::is_set() const noexcept {
  struct stat found{};
  return ::stat(path_.c_str(), &found) == 0 || errno != ENOENT;
}

std::vector<std::string> FolderLatch::reasons() const {
  if (!is_set()) return {};
  std::vector<std::string> lines;
  std::istringstream text(file_text(path_));
  for (std::string line; std::getline(text, line);) {
    if (!line.empty()) lines.push_back(std::move(line));
  }
  if (lines.empty()) lines.push_back(dated_reason({}, changed_at(path_)));
  return lines;
}

std::string FolderLatch::reason() const {
  std::string text;
  for (const std::string& each : reasons()) text += (text.empty() ? "" : "; then ") + each;
  return text;
}

bool FolderLatch::add(const std::string& reason, Timestamp now) const {
  const std::string line = dated_reason(reason, now);
  const std::size_t begins_at = line.find(' ');
  if (reason.empty()) return false;  // it adds nothing
  for (const std::string& known : reasons()) {
    if (known.substr(std::min(known.find(' '), known.size())) == line.substr(begins_at)) return false;
  }
  const int descriptor = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (descriptor < 0) return false;
  struct stat found{};
  const bool has_room = ::fstat(descriptor, &found) == 0 && found.st_size < kMostBytes;
  // A file that a person wrote may lack the end of its last line.
  const std::string text = (found.st_size > 0 ? "\n" : "") + line + '\n';
  const bool ok = has_room && ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                  ::fsync(descriptor) == 0;
  ::close(descriptor);
  return ok;
}

Result<bool, std::string> FolderLatch::set(const std::string& reason, Timestamp now) const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  const int descriptor = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    if (errno != EEXIST) return failure(trouble(path_));
    (void)add(reason, now);
    return false;
  }
  // The file alone counts; its text is for people and may be cut short.
  const std::string text = dated_reason(reason, now) + '\n';
  const bool ok =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  const std::string wrong = ok ? std::string() : trouble(path_);
  ::close(descriptor);
  if (!ok || !sync_folder(folder_)) return failure(ok ? trouble(folder_) : wrong);
  return true;
}

bool FolderLatch::put_back(const std::vector<std::string>& reasons) const {
  const int descriptor = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return false;
  std::string text;
  for (const std::string& reason : reasons) text += reason + '\n';
  // As with set(): the file alone counts.
  (void)!::write(descriptor, text.data(), text.size());
  (void)::fsync(descriptor);
  ::close(descriptor);
  (void)sync_folder(folder_);
  return true;
}

Result<bool, std::string> FolderLatch::clear() const {
  if (::unlink(path_.c_str()) != 0) {
    if (errno == ENOENT) return false;
    return failure(trouble(path_));
  }
  if (!sync_folder(folder_)) return failure(trouble(folder_));
  return true;
}

}  // namespace arbees::app
