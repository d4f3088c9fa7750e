#include "app/running/process_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
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
  return hold(descriptor, path,
              fmt::format("{} is used by process {}: stop it first, or choose another folder with --data", folder,
                          pid_in(descriptor)));
}

Result<ProcessLock, std::string> ProcessLock::take_shared(const std::string& folder, const std::string& name) {
  // Sticky, as /tmp is: each may add files, none removes those of others.
  if (::mkdir(folder.c_str(), 0700) == 0) (void)::chmod(folder.c_str(), 01777);
  const std::string path = (std::filesystem::path(folder) / name).string();
  constexpr int kWays = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
  int descriptor = ::open(path.c_str(), kWays);
  // Without O_CREAT for files of others, which a sticky folder protects from it.
  if (descriptor < 0 && errno == ENOENT) {
    descriptor = ::open(path.c_str(), kWays | O_CREAT | O_EXCL, 0600);
    if (descriptor >= 0) (void)::fchmod(descriptor, 0666);
    if (descriptor < 0 && errno == EEXIST) descriptor = ::open(path.c_str(), kWays);
  }
  if (descriptor < 0) return failure(fmt::format("{}: {}", path, std::strerror(errno)));
  return hold(descriptor, path, fmt::format("process {} holds {}", pid_in(descriptor), path));
}

Result<ProcessLock, std::string> ProcessLock::hold(int descriptor, const std::string& path,
                                                   const std::string& held_text) {
  struct flock lock = whole_file();
  if (::fcntl(descriptor, F_OFD_SETLK, &lock) != 0) {
    ::close(descriptor);
    return failure(held_text);
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
