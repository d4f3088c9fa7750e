#include "app/discovery/folder_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace arbees::app {
namespace {

std::string trouble(const std::string& path) { return path + ": " + std::strerror(errno); }

bool write_all(int descriptor, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace

std::string path_in(const std::string& folder, const std::string& name) {
  return (std::filesystem::path(folder) / name).string();
}

Result<std::string, std::string> read_whole(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failure(trouble(path));
  std::string text;
  char chunk[65536];
  ssize_t count = 0;
  while ((count = ::read(descriptor, chunk, sizeof chunk)) > 0) text.append(chunk, static_cast<std::size_t>(count));
  const std::string wrong = count < 0 ? trouble(path) : std::string();
  ::close(descriptor);
  if (!wrong.empty()) return failure(wrong);
  return text;
}

std::string write_whole(const std::string& folder, const std::string& name, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path = path_in(folder, name);
  const std::string draft = path + ".new";
  const int descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return trouble(draft);
  const bool is_written = write_all(descriptor, text);
  const std::string wrong = is_written ? std::string() : trouble(draft);
  ::close(descriptor);
  if (!is_written) return wrong;
  return ::rename(draft.c_str(), path.c_str()) == 0 ? std::string() : trouble(path);
}

}  // namespace arbees::app
