#include "app/running/process_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace arbees::app {
namespace {

std::string lock_path(const std::string& folder) { return (std::filesystem::path(folder) / "lock").string(); }

// Of the whole file, by open file description: asking who holds one takes none, unlike flock().
struct flock whole_file() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

int pid_in(int descriptor) {
  char text[32] = {};
  const ssize_t length = ::pread(descriptor, text, sizeof text - 1, 0);
  return length > 0 ? std::atoi(text) : 0;
}

}  // namespace

Result<ProcessLock, std::string> ProcessLock::take(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path = lock_path(folder);
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return failure(fmt::format("{}: {}", path, std::strerror(errno)));
  struct flock lock = whole_file();
  if (::fcntl(descriptor, F_OFD_SETLK, &lock) != 0) {
    const int pid = pid_in(descriptor);
    ::close(descriptor);
    return failure(
        fmt::format("{} is used by process {}: stop it first, or choose another folder with --data", folder, pid));
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    const std::string wrong = fmt::format("{}: {}", path, std::strerror(errno));
    ::close(descriptor);
    return failure(wrong);
  }
  return ProcessLock(descriptor);
}

ProcessLock::ProcessLock(ProcessLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }

ProcessLock::~ProcessLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<int> ProcessLock::holder(const std::string& folder) {
  const int descriptor = ::open(lock_path(folder).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  std::optional<int> pid;
  struct flock lock = whole_file();
  if (::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) pid = pid_in(descriptor);
  ::close(descriptor);
  return pid;
}

}  // namespace arbees::app
