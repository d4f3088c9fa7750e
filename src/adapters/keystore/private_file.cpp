#include "adapters/keystore/private_file.h"

#include <unistd.h>

namespace arbees {

bool may_be_read_by_others(const struct stat& status) noexcept {
  if (!S_ISREG(status.st_mode)) return false;
  if ((status.st_mode & S_IROTH) != 0) return true;
  const bool is_handed_over = status.st_uid == 0 && ::geteuid() != 0;
  return (status.st_mode & S_IRGRP) != 0 && !is_handed_over;
}

std::string exposed_file(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || !may_be_read_by_others(status)) return {};
  return path + ": others may read it, and it holds a secret: chmod 600 " + path;
}

}  // namespace arbees
