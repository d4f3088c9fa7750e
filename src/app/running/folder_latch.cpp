#include "app/running/folder_latch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

std::string trouble(const std::string& path) { return fmt::format("{}: {}", path, std::strerror(errno)); }

bool sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool ok = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return ok;
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

std::string FolderLatch::reason() const {
  const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return {};
  char text[1024];
  const ssize_t length = ::read(descriptor, text, sizeof text);
  ::close(descriptor);
  std::string reason(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!reason.empty() && reason.back() == '\n') reason.pop_back();
  return reason;
}

Result<bool, std::string> FolderLatch::set(const std::string& reason, Timestamp now) const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  const int descriptor = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    if (errno == EEXIST) return false;
    return failure(trouble(path_));
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

Result<bool, std::string> FolderLatch::clear() const {
  if (::unlink(path_.c_str()) != 0) {
    if (errno == ENOENT) return false;
    return failure(trouble(path_));
  }
  if (!sync_folder(folder_)) return failure(trouble(folder_));
  return true;
}

}  // namespace arbees::app
