#pragma once
// A day of minutes for tests of the model: BTC near 64,000 dollars, with a volatility of about 50 % a year.

#include <algorithm>
#include <array>

#include "core/base/random.h"
#include "core/market/event.h"

namespace arbees::testing_support {

inline constexpr int kMinutesOfADay = 1'440;

// The last minute ends at `end`.
inline std::array<SpotCandle, kMinutesOfADay> day_of_candles(Timestamp end) {
  std::array<SpotCandle, kMinutesOfADay> day;
  Random random(7);
  std::int64_t cents = 6'400'000;
  for (int minute = 0; minute < kMinutesOfADay; ++minute) {
    SpotCandle& candle = day[static_cast<std::size_t>(minute)];
    candle.opened_at = end - std::chrono::minutes(kMinutesOfADay - minute);
    candle.length = std::chrono::minutes(1);
    candle.asset = Asset::BTC;
    candle.venue = Venue::Binance;
    candle.open = SpotPrice::from_units(cents * 1'000'000);
    std::int64_t step = 0;
    for (int i = 0; i < 6; ++i) step += random.between(-3'100, 3'100);
    if ((cents > 6'450'000) == (step > 0)) step = -step;
    cents += step;
    candle.close = SpotPrice::from_units(cents * 1'000'000);
    candle.high = std::max(candle.open, candle.close);
    candle.low = std::min(candle.open, candle.close);
  }
  return day;
}

}  // namespace arbees::testing_support
