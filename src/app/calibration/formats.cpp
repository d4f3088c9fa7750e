#include "app/calibration/formats.h"

#include <algorithm>
#include <array>
#include <utility>

#include "app/calibration/csv.h"

namespace arbees::app {
namespace {

constexpr std::array<std::pair<const char*, SampleLoader>, 7> kFormats = {{
    {"kalshi-hourly-ladder", load_hourly_ladder},
    {"kalshi-hourly-predictions", load_hourly_predictions},
    {"kalshi-15m-results", load_fifteen_minute_results},
    {"kalshi-15m-quotes-spot", load_fifteen_minute_quotes},
    {"kalshi-btc15m-l2", load_fifteen_minute_l2},
    {"polymarket-5m-outcomes", load_five_minute_outcomes},
    {"polymarket-5m-chainlink", load_five_minute_chainlink},
}};

}  // namespace

const std::vector<std::string>& sample_format_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, loader] : kFormats) all.emplace_back(name);
    return all;
  }();
  return names;
}

SampleLoader find_sample_loader(const std::string& format) {
  for (const auto& [name, loader] : kFormats) {
    if (format == name) return loader;
  }
  return nullptr;
}

bool load_candles(const std::vector<std::string>& files, std::vector<TimedCandle>& candles, std::string& mistake) {
  for (const std::string& file : files) {
    auto first = CsvReader::open(file);
    if (!first) {
      mistake = file + ": cannot be read";
      return false;
    }
    const bool has_header = first->has_column("timestamp");
    auto csv = CsvReader::open(file, has_header);
    while (csv && csv->next()) {
      const auto opened = parse_unix_time(csv->text(has_header ? "timestamp" : "0"));
      const auto open = csv->number(has_header ? "open" : "1");
      const auto high = csv->number(has_header ? "high" : "2");
      const auto low = csv->number(has_header ? "low" : "3");
      const auto close = csv->number(has_header ? "close" : "4");
      if (!opened || !open || !high || !low || !close) continue;
      candles.push_back({*opened + std::chrono::minutes(1), {*open, *high, *low, *close}});
    }
  }
  std::sort(candles.begin(), candles.end(), [](const auto& a, const auto& b) { return a.end < b.end; });
  return true;
}

const TimedCandle* candle_ending(const std::vector<TimedCandle>& candles, Timestamp end) {
  const auto at = std::lower_bound(candles.begin(), candles.end(), end,
                                   [](const TimedCandle& candle, Timestamp t) { return candle.end < t; });
  return at != candles.end() && at->end == end ? &*at : nullptr;
}

double two_sided_mid(double bid, double ask) {
  return bid > 0.0 && ask < 1.0 && bid < ask ? 0.5 * (bid + ask) : kNoNumber;
}

}  // namespace arbees::app
