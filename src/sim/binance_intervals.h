#pragma once
// The lengths of Binance's bars that the world can give.

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "core/base/time.h"

namespace arbees::sim::binance {

struct Interval {
  std::string_view name;
  Duration length;
};

inline constexpr std::array<Interval, 13> kIntervals = {{{"1m", std::chrono::minutes(1)},
                                                         {"3m", std::chrono::minutes(3)},
                                                         {"5m", std::chrono::minutes(5)},
                                                         {"15m", std::chrono::minutes(15)},
                                                         {"30m", std::chrono::minutes(30)},
                                                         {"1h", std::chrono::hours(1)},
                                                         {"2h", std::chrono::hours(2)},
                                                         {"4h", std::chrono::hours(4)},
                                                         {"6h", std::chrono::hours(6)},
                                                         {"8h", std::chrono::hours(8)},
                                                         {"12h", std::chrono::hours(12)},
                                                         {"1d", std::chrono::hours(24)},
                                                         {"3d", std::chrono::hours(72)}}};

[[nodiscard]] constexpr std::optional<Interval> find_interval(std::string_view name) noexcept {
  for (const Interval& interval : kIntervals) {
    if (interval.name == name) return interval;
  }
  return std::nullopt;
}

}  // namespace arbees::sim::binance
