#pragma once
// One-minute candles of Binance: 1,000 rows a request, oldest first; the last one may still run.
//
// The rules for bars are those of candle.h.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/candle.h"

namespace arbees::binance {

// Targets behind the REST host, oldest range first; as few as the venue allows.
[[nodiscard]] std::vector<std::string> candle_targets(const CandleRange& range);
// The answer to one of them; padded like a frame.
[[nodiscard]] CandleAnswer read_candles(std::string_view json, Timestamp now);

}  // namespace arbees::binance
