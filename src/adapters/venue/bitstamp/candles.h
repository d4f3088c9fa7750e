#pragma once
// One-minute candles of Bitstamp: 1,000 rows a request, oldest first, objects of strings.
//
// The rules for bars are those of candle.h.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/candle.h"

namespace arbees::bitstamp {

inline constexpr std::string_view kRestUrl = "https://www.bitstamp.net";

// Targets behind the REST host, oldest range first; as few as the venue allows.
[[nodiscard]] std::vector<std::string> candle_targets(const CandleRange& range);
// The answer to one of them; padded like a frame.
[[nodiscard]] CandleAnswer read_candles(std::string_view json, Timestamp now);

}  // namespace arbees::bitstamp
