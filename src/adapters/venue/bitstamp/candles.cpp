#include "adapters/venue/bitstamp/candles.h"

#include <fmt/format.h>

#include "adapters/venue/json/candle_rows.h"

namespace arbees::bitstamp {
namespace {

constexpr std::size_t kRows = 1000;
constexpr CandleColumns kColumns{0, 1, 2, 3, 4, 5, CandleOrder::OldestFirst, false};

}  // namespace

std::vector<std::string> candle_targets(const CandleRange& range) {
  std::vector<std::string> targets;
  for (const CandleRange& part : split_range(range, kRows)) {
    targets.push_back(fmt::format("/api/v2/ohlc/{}/?step=60&limit={}&start={}&end={}", part.symbol, kRows,
                                  unix_ns(part.from) / 1'000'000'000, unix_ns(part.to) / 1'000'000'000 - 60));
  }
  return targets;
}

CandleAnswer read_candles(std::string_view json, Timestamp now) {
  CandleRowReader reader({"timestamp", "open", "high", "low", "close", "volume"});
  return read_candle_rows(reader, json, kColumns, now);
}

}  // namespace arbees::bitstamp
