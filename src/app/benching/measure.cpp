#include "app/benching/measure.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace arbees::app {

double thread_seconds() noexcept {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double getppid_ns() noexcept {
  constexpr int kRounds = 5;
  constexpr int kCalls = 20'000;
  double least = 0.0;
  for (int round = 0; round < kRounds; ++round) {
    const double start = thread_seconds();
    for (int call = 0; call < kCalls; ++call) syscall(SYS_getppid);
    const double nanoseconds = (thread_seconds() - start) * 1e9 / kCalls;
    least = round == 0 ? nanoseconds : std::min(least, nanoseconds);
  }
  return least;
}

std::uint64_t peak_resident_bytes() noexcept {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

void NanosecondHistogram::add(std::int64_t nanoseconds) noexcept {
  ++counts_[static_cast<std::size_t>(std::clamp<std::int64_t>(nanoseconds, 0, kLimit))];
  ++count_;
}

std::uint64_t NanosecondHistogram::quantile(double share) const noexcept {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t value = 0; value < counts_.size(); ++value) {
    seen += counts_[value];
    if (seen >= wanted && seen != 0) return value;
  }
  return 0;
}

}  // namespace arbees::app
