#pragma once
// Candles of one minute from REST, for warming up volatility: read, checked, in order of time.
//
// A bar that cannot be true (high below open or close, low above them, not positive), that is out of the order of its
// answer, doubled, not yet closed, or empty (Kraken repeats the last close with volume 0) is left out and counted: a
// missing minute is unknown, never a return of zero. Prices are decimals read from their text.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/market/values.h"

namespace arbees {

struct Candle {
  Timestamp opened_at = kNoTime;  // covers the minute from then on
  SpotPrice open;
  SpotPrice high;
  SpotPrice low;
  SpotPrice close;
};

struct CandleSeries {
  std::vector<Candle> candles;  // oldest first, times rise
  std::size_t rejected = 0;     // impossible, out of order, doubled, not on the minute or unreadable
  std::size_t unfinished = 0;   // the minute that still runs
  std::size_t empty = 0;        // no trade
};

// The error says why the answer as a whole is none: no JSON, the venue's own error, not the expected form.
using CandleAnswer = Result<CandleSeries, std::string>;

// What to ask for: the minutes that begin in [from, to), both cut down to whole minutes.
struct CandleRange {
  std::string_view symbol;  // as the venue's feed names it
  Timestamp from = kNoTime;
  Timestamp to = kNoTime;
};

// Minutes that lie in the range and are in none of its candles.
[[nodiscard]] std::size_t missing_minutes(std::span<const Candle> candles, Timestamp from, Timestamp to) noexcept;

// ---- For the venues' candles.cpp ----

// One bar as texts.
struct CandleText {
  std::string_view open, high, low, close, volume;
};

enum class CandleOrder : std::uint8_t { OldestFirst, NewestFirst };

class CandleBuilder {
 public:
  // Bars that end after `now` still run.
  CandleBuilder(CandleOrder order, Timestamp now) noexcept : order_(order), now_(now) {}

  // `opened_at` kNoTime: the time could not be read.
  void add(Timestamp opened_at, const CandleText& text);
  [[nodiscard]] CandleSeries take();

 private:
  CandleOrder order_;
  Timestamp now_;
  Timestamp last_ = kNoTime;
  CandleSeries series_;
};

// Seconds or milliseconds since 1970, whole; kNoTime if it is no such number.
[[nodiscard]] Timestamp candle_time_s(std::string_view text) noexcept;
[[nodiscard]] Timestamp candle_time_ms(std::string_view text) noexcept;

// Splits the range into requests of at most `rows` minutes, oldest first.
[[nodiscard]] std::vector<CandleRange> split_range(const CandleRange& range, std::size_t rows);

}  // namespace arbees
