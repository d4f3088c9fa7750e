#include "adapters/telemetry/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace arbees {

// Values below 2^(kSubBits+1) have a bucket each; above, the leading kSubBits+1 bits choose it.
std::size_t LatencyHistogram::bucket_of(std::uint64_t value) noexcept {
  const int bits = static_cast<int>(std::bit_width(value));
  if (bits <= kSubBits + 1) return value;
  const int shift = bits - kSubBits - 1;
  return (static_cast<std::size_t>(shift) << kSubBits) + (value >> shift);
}

std::uint64_t LatencyHistogram::upper_end(std::size_t bucket) noexcept {
  if (bucket < (std::size_t{2} << kSubBits)) return bucket;
  const std::size_t shift = (bucket >> kSubBits) - 1;
  const std::uint64_t leading = bucket - (shift << kSubBits);
  return ((leading + 1) << shift) - 1;
}

void LatencyHistogram::add(std::int64_t nanoseconds) noexcept {
  const std::int64_t value = std::max<std::int64_t>(nanoseconds, 0);
  ++buckets_[bucket_of(static_cast<std::uint64_t>(value))];
  ++count_;
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value);
}

std::uint64_t LatencyHistogram::count_at_most(std::int64_t nanoseconds) const noexcept {
  if (nanoseconds >= max_) return count_;
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    if (static_cast<std::int64_t>(upper_end(bucket)) > nanoseconds) break;
    seen += buckets_[bucket];
  }
  return seen;
}

std::int64_t LatencyHistogram::quantile(double share) const noexcept {
  if (count_ == 0) return 0;
  const double wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_));
  const std::uint64_t rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank) return std::min(static_cast<std::int64_t>(upper_end(bucket)), max_);
  }
  return max_;
}

}  // namespace arbees
