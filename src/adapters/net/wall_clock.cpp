#include "adapters/net/wall_clock.h"

namespace arbees::net {

std::int64_t WallClock::wait_for(std::int64_t utc, std::int64_t steady) noexcept {
  const std::lock_guard lock(mutex_);
  std::int64_t latest = latest_.load(std::memory_order_relaxed);
  if (utc > latest) return utc;
  if (told_ != latest) {
    told_ = latest;
    told_at_ = steady;
  }
  const std::int64_t slow = (steady - told_at_) / 2;
  if (slow <= 0) return latest;
  // Another thread may have seen the system's clock ahead meanwhile; that one counts.
  if (!latest_.compare_exchange_strong(latest, told_ + slow, std::memory_order_relaxed)) return latest;
  told_ += slow;
  told_at_ = steady;
  return told_;
}

}  // namespace arbees::net
