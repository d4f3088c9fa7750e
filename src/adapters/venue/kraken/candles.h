#pragma once
// One-minute candles of Kraken: the newest 720, oldest first; nothing older is to be had.
//
// The last row still runs; minutes without trades repeat the last close and are left out.
//
// The rules for bars are those of candle.h.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/candle.h"

namespace arbees::kraken {

inline constexpr std::string_view kRestUrl = "https://api.kraken.com";

// Targets behind the REST host, oldest range first; as few as the venue allows.
[[nodiscard]] std::vector<std::string> candle_targets(const CandleRange& range);
// The answer to one of them; padded like a frame.
[[nodiscard]] CandleAnswer read_candles(std::string_view json, Timestamp now);

}  // namespace arbees::kraken
