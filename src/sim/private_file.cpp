#include "sim/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace arbees::sim {

std::string write_private_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return fmt::format("{}: {}", path, std::strerror(errno));
  const bool ok = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool closed = ::close(file) == 0;
  if (ok && closed && std::rename(fresh.c_str(), path.c_str()) == 0) return {};
  const std::string wrong = fmt::format("{}: {}", path, std::strerror(errno));
  ::unlink(fresh.c_str());
  return wrong;
}

}  // namespace arbees::sim
