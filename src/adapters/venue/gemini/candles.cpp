#include "adapters/venue/gemini/candles.h"

#include <algorithm>

#include "adapters/venue/json/candle_rows.h"

namespace arbees::gemini {
namespace {

constexpr CandleColumns kColumns{0, 1, 2, 3, 4, 5, CandleOrder::NewestFirst, true};

}  // namespace

std::vector<std::string> candle_targets(const CandleRange& range) {
  if (split_range(range, 1).empty()) return {};
  std::string name(range.symbol);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return {"/v2/candles/" + name + "/1m"};
}

CandleAnswer read_candles(std::string_view json, Timestamp now) {
  CandleRowReader reader;
  return read_candle_rows(reader, json, kColumns, now);
}

}  // namespace arbees::gemini
