#include "app/running/halt_history.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

namespace arbees::app {
namespace {

constexpr Duration kLockLook = std::chrono::milliseconds(1);

struct Words {
  std::string_view begun;
  std::string_view ended;
};

// None of them is the beginning of another: no reason can be mistaken for an end.
constexpr std::array<Words, 2> kWords = {Words{"halt ", "halted "}, Words{"flatten ", "flattening "}};
constexpr std::string_view kResumed = "; resumed ";

const Words& words(HaltHistory::Kind kind) { return kWords[static_cast<std::size_t>(kind)]; }

bool is_same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

}  // namespace

HaltHistory::HaltHistory(const std::string& folder)
    : path_((std::filesystem::path(folder) / "halt-history").string()) {}

HaltHistory::Writer::~Writer() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string HaltHistory::Writer::append(const std::string& lines) const {
  // A line that was cut short stays alone.
  char last = '\n';
  const off_t size = ::lseek(descriptor_, 0, SEEK_END);
  if (size > 0) (void)!::pread(descriptor_, &last, 1, size - 1);
  const std::string text = (last == '\n' ? "" : "\n") + lines;
  const bool ok =
      ::write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor_) == 0;
  return ok ? std::string() : std::strerror(errno);
}

Result<HaltHistory::Writer, int> HaltHistory::writer(Duration most) const {
  const int descriptor = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return failure(errno);
  Writer writer(descriptor);
  const auto end = std::chrono::steady_clock::now() + most;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    if (error != EWOULDBLOCK || std::chrono::steady_clock::now() >= end) return failure(error);
    std::this_thread::sleep_for(kLockLook);
  }
  return writer;
}

HaltHistory::Look HaltHistory::look() {
  struct stat found{};
  if (::stat(path_.c_str(), &found) != 0) {
    const int error = errno;
    is_read_ = false;
    told_ = {};
    return error == ENOENT ? Look::Missing : Look::Unreadable;
  }
  if (is_read_ && is_same(found, seen_)) return Look::Read;
  seen_ = found;
  is_read_ = read();
  return is_read_ ? Look::Read : Look::Unreadable;
}

bool HaltHistory::read() {
  told_ = {};
  last_end_.clear();
  std::ifstream in(path_);
  if (!in) return false;
  for (std::string line; std::getline(in, line);) take(line);
  return in.eof() && !in.bad();
}

void HaltHistory::take(const std::string& line) {
  for (const Kind kind : {Kind::Halt, Kind::Flatten}) {
    Told& told = told_[static_cast<std::size_t>(kind)];
    if (line.starts_with(words(kind).begun)) {
      told.open.push_back(line.substr(words(kind).begun.size()));
    } else if (line.starts_with(words(kind).ended) && line.find(kResumed) != std::string::npos) {
      told.open.clear();
      ++told.ends;
      told.last_end = last_end_ = line;
    }
  }
}

std::string HaltHistory::begin_line(Kind kind, const std::string& reason) {
  return fmt::format("{}{}\n", words(kind).begun, reason);
}

std::string HaltHistory::end_line(Kind kind, const std::string& reason, const std::string& resumed) {
  return fmt::format("{}{}{}{}\n", words(kind).ended, reason, kResumed, resumed);
}

}  // namespace arbees::app
