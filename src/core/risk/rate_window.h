#pragma once
// How many of something there were in the last minute (or hour), in whole sixtieths of it.
//
// The count covers the window and the part of a sixtieth before it: never too few.

#include <array>
#include <cstdint>

#include "core/base/time.h"

namespace arbees {

class RateWindow {
 public:
  explicit constexpr RateWindow(Duration length) noexcept : step_(length.count() / kSteps) {}

  void add(Timestamp now) noexcept {
    const std::int64_t step = unix_ns(now) / step_;
    Slot& slot = slots_[static_cast<std::size_t>(step) % slots_.size()];
    if (slot.step != step) slot = {step, 0};
    ++slot.count;
  }

  [[nodiscard]] std::int64_t count(Timestamp now) const noexcept {
    const std::int64_t oldest = unix_ns(now) / step_ - kSteps;
    std::int64_t sum = 0;
    for (const Slot& slot : slots_) {
      if (slot.step >= oldest) sum += slot.count;
    }
    return sum;
  }

 private:
  struct Slot {
    std::int64_t step = -1;
    std::int64_t count = 0;
  };
  static constexpr std::int64_t kSteps = 60;

  std::int64_t step_;
  std::array<Slot, 64> slots_{};
};

}  // namespace arbees
