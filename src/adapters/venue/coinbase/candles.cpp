#include "adapters/venue/coinbase/candles.h"

#include <fmt/format.h>

#include "adapters/telemetry/format.h"
#include "adapters/venue/json/candle_rows.h"

namespace arbees::coinbase {
namespace {

constexpr std::size_t kRows = 300;
constexpr CandleColumns kColumns{0, 3, 2, 1, 4, 5, CandleOrder::NewestFirst, false};

}  // namespace

// Both ends of the venue's range are included.
std::vector<std::string> candle_targets(const CandleRange& range) {
  std::vector<std::string> targets;
  for (const CandleRange& part : split_range(range, kRows)) {
    targets.push_back(fmt::format("/products/{}/candles?granularity=60&start={}&end={}", part.symbol,
                                  to_iso_ms(part.from), to_iso_ms(part.to - std::chrono::minutes(1))));
  }
  return targets;
}

CandleAnswer read_candles(std::string_view json, Timestamp now) {
  CandleRowReader reader;
  return read_candle_rows(reader, json, kColumns, now);
}

}  // namespace arbees::coinbase
