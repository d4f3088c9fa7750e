#include "adapters/venue/kraken/candles.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/venue/json/candle_rows.h"

namespace arbees::kraken {
namespace {

constexpr CandleColumns kColumns{0, 1, 2, 3, 4, 6, CandleOrder::OldestFirst, false};

// REST still writes XBT and XDG: "BTC/USD" → "XBTUSD".
std::string rest_pair(std::string_view symbol) {
  const std::size_t slash = std::min(symbol.find('/'), symbol.size());
  std::string base(symbol.substr(0, slash));
  if (base == "BTC") base = "XBT";
  if (base == "DOGE") base = "XDG";
  return base + std::string(symbol.substr(std::min(slash + 1, symbol.size())));
}

}  // namespace

// `since` is exclusive, and has no end.
std::vector<std::string> candle_targets(const CandleRange& range) {
  if (split_range(range, 1).empty()) return {};
  const auto from = std::chrono::floor<std::chrono::minutes>(range.from);
  return {fmt::format("/0/public/OHLC?pair={}&interval=1&since={}", rest_pair(range.symbol),
                      unix_ns(from) / 1'000'000'000 - 1)};
}

CandleAnswer read_candles(std::string_view json, Timestamp now) {
  CandleRowReader reader;
  return read_candle_rows(reader, json, kColumns, now);
}

}  // namespace arbees::kraken
