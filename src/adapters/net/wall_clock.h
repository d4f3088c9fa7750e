#pragma once
// UTC that never goes back and never stands still, whatever is done to the system's clock.
//
// A clock that is set forward is followed at once. One that is set back is waited for at half speed: what is old still
// grows old and deadlines still pass, while no two events change places. Any thread may read.

#include <atomic>
#include <cstdint>
#include <mutex>

namespace arbees::net {

class WallClock {
 public:
  // Nanoseconds of UTC, when the system's clock says `utc` and its monotonic one, of any origin, steady(), which is
  // asked only when the other is behind.
  template <class Steady>
  [[nodiscard]] std::int64_t read(std::int64_t utc, Steady&& steady) noexcept {
    std::int64_t before = latest_.load(std::memory_order_relaxed);
    while (before < utc && !latest_.compare_exchange_weak(before, utc, std::memory_order_relaxed)) {
    }
    return before < utc ? utc : wait_for(utc, steady());
  }

 private:
  [[nodiscard]] std::int64_t wait_for(std::int64_t utc, std::int64_t steady) noexcept;

  std::atomic<std::int64_t> latest_{0};
  std::mutex mutex_;
  // What was told last while the system's clock was behind; of an earlier time unless it is the latest of all.
  std::int64_t told_ = 0;
  std::int64_t told_at_ = 0;  // steady
};

}  // namespace arbees::net
