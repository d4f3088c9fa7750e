#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "adapters/dashboard/dashboard_server.h"

namespace arbees {
namespace {

constexpr std::size_t kTokenLength = 64;
constexpr std::size_t kLeastLength = 32;

std::string trouble(const std::string& path) { return fmt::format("{}: {}", path, std::strerror(errno)); }

std::string fresh_token() {
  std::array<unsigned char, kTokenLength / 2> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return {};
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

Result<std::string, std::string> dashboard_token(const std::string& folder) {
  const std::string path = (std::filesystem::path(folder) / "dashboard.token").string();
  const int made = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made >= 0) {
    const std::string token = fresh_token();
    const std::string line = token + "\n";
    const bool ok = !token.empty() && ::write(made, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const std::string wrong = trouble(path);
    ::close(made);
    if (!ok) {
      ::unlink(path.c_str());
      return failure(wrong);
    }
    return token;
  }
  if (errno != EEXIST) return failure(trouble(path));
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return failure(trouble(path));
  struct stat found{};
  char text[512];
  const bool is_private = ::fstat(file, &found) == 0 && (found.st_mode & 077) == 0;
  const ssize_t length = ::read(file, text, sizeof text);
  ::close(file);
  if (!is_private) return failure(path + ": others may read it (chmod 600 it, or remove it to get a new one)");
  std::string token(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!token.empty() && (token.back() == '\n' || token.back() == ' ')) token.pop_back();
  if (token.size() < kLeastLength) {
    return failure(fmt::format("{}: shorter than {} characters (remove it to get a new one)", path, kLeastLength));
  }
  return token;
}

}  // namespace arbees
