#pragma once
// Durations counted in buckets: quantiles of any number of measurements in 18 KiB, to within 1/32.
//
// Log-linear as in HdrHistogram: 32 buckets for each power of two of nanoseconds.

#include <array>
#include <cstdint>

namespace arbees {

class LatencyHistogram {
 public:
  void add(std::int64_t nanoseconds) noexcept;  // below zero counts as zero
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::int64_t max() const noexcept { return max_; }
  [[nodiscard]] double sum() const noexcept { return sum_; }  // of all measurements, in nanoseconds
  // Measurements that are certainly not above the bound: those of buckets that end there or below.
  [[nodiscard]] std::uint64_t count_at_most(std::int64_t nanoseconds) const noexcept;
  // The upper end of the bucket in which this share of all measurements (0 to 1) is reached; never over max(). 0 if
  // there are none.
  [[nodiscard]] std::int64_t quantile(double share) const noexcept;

 private:
  static constexpr int kSubBits = 5;
  static constexpr std::size_t kBuckets = (64 - kSubBits) << kSubBits;

  [[nodiscard]] static std::size_t bucket_of(std::uint64_t value) noexcept;
  [[nodiscard]] static std::uint64_t upper_end(std::size_t bucket) noexcept;

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::int64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace arbees
