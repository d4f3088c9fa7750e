#pragma once
// What benchmarks share: time on one core, a histogram of nanoseconds, memory, and the baseline of a machine.
//
// Rates are counted in processor time of the calling thread, so that other programs on the machine do not
// enter them except through shared caches; percentiles are wall-clock, for they describe single events.

#include <array>
#include <cstdint>

namespace arbees::app {

// Processor time of the calling thread, in seconds since it began.
[[nodiscard]] double thread_seconds() noexcept;

// Nanoseconds of a system call that does nothing: figures as multiples of it can be compared between machines.
[[nodiscard]] double getppid_ns() noexcept;

// The most memory that this process ever had resident.
[[nodiscard]] std::uint64_t peak_resident_bytes() noexcept;

// How often each number of nanoseconds came up; everything from kLimit on counts as kLimit.
class NanosecondHistogram {
 public:
  static constexpr std::size_t kLimit = 65'535;

  void add(std::int64_t nanoseconds) noexcept;
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  // The value that this share of all values does not exceed; 0 without values.
  [[nodiscard]] std::uint64_t quantile(double share) const noexcept;

 private:
  std::array<std::uint32_t, kLimit + 1> counts_{};
  std::uint64_t count_ = 0;
};

}  // namespace arbees::app
