#pragma once
// One-minute candles of Coinbase Exchange: 300 rows a request, newest first, [time_s, low, high, open, close, volume].
//
// Minutes without trades are absent, and rows from before the start may come: the caller cuts the range.
//
// The rules for bars are those of candle.h.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/candle.h"

namespace arbees::coinbase {

inline constexpr std::string_view kExchangeRestUrl = "https://api.exchange.coinbase.com";

// Targets behind the REST host, oldest range first; as few as the venue allows.
[[nodiscard]] std::vector<std::string> candle_targets(const CandleRange& range);
// The answer to one of them; padded like a frame.
[[nodiscard]] CandleAnswer read_candles(std::string_view json, Timestamp now);

}  // namespace arbees::coinbase
