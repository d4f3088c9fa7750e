#include "app/reporting/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace arbees::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kQuietFor = std::chrono::seconds(2);
constexpr auto kEvery = std::chrono::milliseconds(200);

}  // namespace

Progress::Progress() : started_(Clock::now()), is_terminal_(::isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (is_shown_) std::fputs("\r\033[K", stderr);
}

void Progress::begin(std::string what) { what_ = std::move(what); }

void Progress::update(std::uint64_t done, std::uint64_t total) {
  if (!is_terminal_) return;
  const auto now = Clock::now();
  if (now - started_ < kQuietFor || now - shown_ < kEvery) return;
  shown_ = now;
  is_shown_ = true;
  const std::string share = total == 0 ? "" : fmt::format(" ({} %)", done * 100 / total);
  fmt::print(stderr, "\r{}: {}{}, {} s\033[K", what_, done, share,
             std::chrono::duration_cast<std::chrono::seconds>(now - started_).count());
  std::fflush(stderr);
}

}  // namespace arbees::app
