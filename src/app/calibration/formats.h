#pragma once
// Recorded sets of others, by the name of their folder, as samples for calibration.

#include <string>
#include <vector>

#include "app/calibration/sample.h"

namespace arbees::app {

struct SampleFiles {
  std::vector<std::string> files;
  std::vector<std::string> spot_files;  // Binance one-minute candles
};

// False with `mistake` set if a file cannot be read or is not of the format. Bad lines are counted, not fatal.
using SampleLoader = bool (*)(const SampleFiles& files, Sample& sample, std::string& mistake);

[[nodiscard]] const std::vector<std::string>& sample_format_names();
// Null for an unknown name.
[[nodiscard]] SampleLoader find_sample_loader(const std::string& format);

bool load_hourly_ladder(const SampleFiles& files, Sample& sample, std::string& mistake);
bool load_hourly_predictions(const SampleFiles& files, Sample& sample, std::string& mistake);
bool load_fifteen_minute_results(const SampleFiles& files, Sample& sample, std::string& mistake);
bool load_fifteen_minute_quotes(const SampleFiles& files, Sample& sample, std::string& mistake);
bool load_fifteen_minute_l2(const SampleFiles& files, Sample& sample, std::string& mistake);
bool load_five_minute_outcomes(const SampleFiles& files, Sample& sample, std::string& mistake);
bool load_five_minute_chainlink(const SampleFiles& files, Sample& sample, std::string& mistake);

// The five-minute set's windows with quotes (btc_5m_ladder.jsonl).
bool load_five_minute_ladder(const std::string& file, Sample& sample);

// Binance candles (both layouts), known from their ends. Sorted by time.
struct TimedCandle {
  Timestamp end = kNoTime;
  PriceBar candle;
};
bool load_candles(const std::vector<std::string>& files, std::vector<TimedCandle>& candles, std::string& mistake);
// The candle that ends at this instant; null if there is none.
[[nodiscard]] const TimedCandle* candle_ending(const std::vector<TimedCandle>& candles, Timestamp end);

// Mid of a two-sided quote strictly inside 0 … 1, else none.
[[nodiscard]] double two_sided_mid(double bid, double ask);

}  // namespace arbees::app
