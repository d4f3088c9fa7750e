// Up/down windows of fifteen and five minutes: results, quotes with spot, and the Chainlink feed.

#include <cmath>

#include "app/calibration/csv.h"
#include "app/calibration/formats.h"

namespace arbees::app {
namespace {

SpotRecord flat_candle(double spot) { return {{spot, spot, spot, spot}, 0.0}; }

double average_of(const PriceBar& candle) { return 0.25 * (candle.open + candle.high + candle.low + candle.close); }

// Instants at every whole minute inside the window, priced from candles alone.
void add_minutes(AssetSample& asset, Instant instant, Timestamp open) {
  for (Timestamp at = open + std::chrono::minutes(1); at < instant.close; at += std::chrono::minutes(1)) {
    instant.at = at;
    asset.instants.push_back(instant);
  }
}

bool add_result_row(const CsvReader& csv, const std::vector<TimedCandle>& candles, Sample& sample) {
  const auto close = parse_iso8601(csv.text("close_time"));
  const std::string_view result = csv.text("result");
  if (!close || (result != "yes" && result != "no")) return false;
  if (!csv.text("ticker").starts_with("KXBTC")) return true;  // no candles of other assets
  const Timestamp open = *close - std::chrono::minutes(15);
  const TimedCandle* before_open = candle_ending(candles, open);
  const TimedCandle* before_close = candle_ending(candles, *close);
  if (before_open == nullptr || before_close == nullptr) return true;
  // The index averages of the two minutes are not in the set: the candles' stand in for both.
  Instant instant;
  instant.close = *close;
  instant.lower = average_of(before_open->candle);
  instant.outcome = result == "yes";
  ++sample.settlement_checked;
  const bool is_up = average_of(before_close->candle) >= instant.lower;
  sample.settlement_reproduced += is_up == instant.outcome ? 1 : 0;
  add_minutes(sample.assets["BTC"], instant, open);
  return true;
}

bool add_outcome_row(const CsvReader& csv, const std::vector<TimedCandle>& candles, Sample& sample) {
  const auto start = parse_unix_time(csv.text("timestamp"));
  const std::string_view outcome = csv.text("outcome");
  const auto first = csv.number("btc_open");
  const auto last = csv.number("btc_close");
  if (!start || (outcome != "up" && outcome != "down") || !first || !last) return false;
  ++sample.settlement_checked;
  sample.settlement_reproduced += (*last >= *first) == (outcome == "up") ? 1 : 0;
  const TimedCandle* before = candle_ending(candles, *start);
  if (before == nullptr) return true;
  Instant instant;
  instant.close = *start + std::chrono::minutes(5);
  instant.lower = before->candle.close;
  instant.outcome = outcome == "up";
  add_minutes(sample.assets["BTC"], instant, *start);
  return true;
}

// A quoted window whose outcome follows from the next window's strike.
struct QuotedWindow {
  double strike = 0.0;
  std::vector<Instant> instants;
};
using Windows = std::map<std::string, std::map<Timestamp, QuotedWindow>>;  // by asset and close

bool add_quote_row(const CsvReader& csv, Sample& sample, Windows& windows) {
  const auto at = parse_iso8601(csv.text("ts_utc"));
  const auto strike = csv.number("floor_strike");
  const auto left_s = csv.number("time_to_expiry_s");
  const auto spot = csv.number("spot");
  const auto bid = csv.number("yes_bid_cents");
  const auto ask = csv.number("yes_ask_cents");
  const std::string_view ticker = csv.text("ticker");
  if (!at || !strike || !left_s || !spot || !bid || !ask || ticker.size() < 8 || !(*spot > 0.0)) return false;
  const std::string name(ticker.substr(2, ticker.find("15M") - 2));
  AssetSample& asset = sample.assets[name];
  asset.spots.add(*at, flat_candle(*spot));
  // Closes are on the quarter hour; the time left was measured by a local clock.
  constexpr double kQuarterS = 900.0;
  const double close_s = std::round((static_cast<double>(unix_ns(*at)) * 1e-9 + *left_s) / kQuarterS) * kQuarterS;
  Instant instant;
  instant.at = *at;
  instant.close = from_unix_s(static_cast<std::int64_t>(close_s));
  instant.lower = *strike;
  instant.spot = *spot;
  instant.market = two_sided_mid(*bid / 100.0, *ask / 100.0);
  QuotedWindow& window = windows[name][instant.close];
  window.strike = *strike;
  if (instant.at < instant.close) window.instants.push_back(instant);
  return true;
}

void settle_by_next_strike(const Windows& windows, Sample& sample) {
  for (const auto& [name, by_close] : windows) {
    for (const auto& [close, window] : by_close) {
      const auto next = by_close.find(close + std::chrono::minutes(15));
      if (next == by_close.end()) continue;
      // The next window's start value is this one's settlement value: the same sixty prints.
      const bool is_up = next->second.strike >= window.strike;
      for (Instant instant : window.instants) {
        instant.outcome = is_up;
        sample.assets[name].instants.push_back(instant);
      }
    }
  }
}

// Chainlink values by whole second, and the windows settled on them.
bool add_chainlink_market(const CsvReader& csv, const std::map<std::int64_t, double>& ticks, Sample& sample) {
  const auto start = csv.number("start_sec");
  const auto end = csv.number("end_sec");
  const std::string_view prices = csv.text("outcome_prices_up_down");
  if (!start || !end || (prices != "1|0" && prices != "0|1")) return false;
  const auto strike = csv.number("strike_usd");
  if (!strike) return true;  // no tick at the start
  Instant instant;
  instant.close = from_unix_s(static_cast<std::int64_t>(*end));
  instant.lower = *strike;
  instant.outcome = prices == "1|0";
  const auto last = ticks.find(static_cast<std::int64_t>(*end));
  if (last != ticks.end()) {
    ++sample.settlement_checked;
    sample.settlement_reproduced += (last->second >= *strike) == instant.outcome ? 1 : 0;
  }
  const Timestamp open = from_unix_s(static_cast<std::int64_t>(*start));
  for (const int seconds_left : {270, 240, 180, 120, 60, 30, 10}) {
    instant.at = instant.close - std::chrono::seconds(seconds_left);
    if (instant.at > open) sample.assets["BTC"].instants.push_back(instant);
  }
  return true;
}

}  // namespace

bool load_fifteen_minute_results(const SampleFiles& files, Sample& sample, std::string& mistake) {
  sample.rule = *averaging_rule(SettlementSource::CfBenchmarksMean60);
  sample.spot_error = 2e-4;
  std::vector<TimedCandle> candles;
  if (!load_candles(files.spot_files, candles, mistake)) return false;
  for (const TimedCandle& candle : candles) sample.assets["BTC"].spots.add(candle.end, {candle.candle, 60.0});
  for (const std::string& file : files.files) {
    auto csv = CsvReader::open(file);
    if (!csv || !csv->has_column("close_time")) {
      mistake = file + ": no results with ticker, close_time, result";
      return false;
    }
    while (csv->next()) sample.bad_lines += add_result_row(*csv, candles, sample) ? 0 : 1;
  }
  sample.notes.emplace_back("No quotes in this set. Start and end values: means of Binance minutes, not the index.");
  return true;
}

bool load_fifteen_minute_quotes(const SampleFiles& files, Sample& sample, std::string& mistake) {
  sample.rule = *averaging_rule(SettlementSource::CfBenchmarksMean60);
  sample.spot_error = 1e-4;
  Windows windows;
  for (const std::string& file : files.files) {
    auto csv = CsvReader::open(file);
    if (!csv) {
      mistake = file + ": cannot be read";
      return false;
    }
    if (!csv->has_column("floor_strike")) {
      sample.notes.push_back(file + ": left out, it has no strikes");
      continue;
    }
    while (csv->next()) sample.bad_lines += add_quote_row(*csv, sample, windows) ? 0 : 1;
  }
  settle_by_next_strike(windows, sample);
  sample.notes.emplace_back("Outcomes: the next window's strike is this one's settlement value.");
  return true;
}

bool load_five_minute_outcomes(const SampleFiles& files, Sample& sample, std::string& mistake) {
  sample.rule = *averaging_rule(SettlementSource::ChainlinkSpot);
  sample.spot_error = 2e-4;
  std::vector<TimedCandle> candles;
  if (!load_candles(files.spot_files, candles, mistake)) return false;
  for (const TimedCandle& candle : candles) sample.assets["BTC"].spots.add(candle.end, {candle.candle, 60.0});
  for (const std::string& file : files.files) {
    if (file.find(".jsonl") != std::string::npos) {
      if (load_five_minute_ladder(file, sample)) continue;
      mistake = file + ": cannot be read";
      return false;
    }
    auto csv = CsvReader::open(file);
    if (!csv) {
      mistake = file + ": cannot be read";
      return false;
    }
    if (!csv->has_column("btc_open")) {
      sample.notes.push_back(file + ": left out, it has no prices of the underlying");
      continue;
    }
    while (csv->next()) sample.bad_lines += add_outcome_row(*csv, candles, sample) ? 0 : 1;
  }
  sample.notes.emplace_back("Quotes in the ladder only. Settlement: Binance direction against the Chainlink outcome.");
  return true;
}

bool load_five_minute_chainlink(const SampleFiles& files, Sample& sample, std::string& mistake) {
  sample.rule = *averaging_rule(SettlementSource::ChainlinkSpot);
  sample.largest_spot_age_s = 10.0;
  std::map<std::int64_t, double> ticks;
  std::vector<std::string> markets;
  for (const std::string& file : files.files) {
    auto csv = CsvReader::open(file);
    if (!csv) {
      mistake = file + ": cannot be read";
      return false;
    }
    if (!csv->has_column("feed_ts_ms")) {
      markets.push_back(file);
      continue;
    }
    while (csv->next()) {
      const auto stamp = parse_unix_time(csv->text("feed_ts_ms"));
      const auto received = parse_unix_time(csv->text("recv_ms"));
      const auto value = csv->number("value");
      if (!stamp || !received || !value || !(*value > 0.0)) {
        ++sample.bad_lines;
        continue;
      }
      ticks[unix_ns(*stamp) / 1'000'000'000] = *value;
      sample.assets["BTC"].spots.add(*received, flat_candle(*value));
    }
  }
  for (const std::string& file : markets) {
    auto csv = CsvReader::open(file);
    if (!csv || !csv->has_column("strike_usd")) {
      mistake = file + ": neither a Chainlink feed nor its markets";
      return false;
    }
    while (csv->next()) sample.bad_lines += add_chainlink_market(*csv, ticks, sample) ? 0 : 1;
  }
  sample.notes.emplace_back("No quotes in this set. Spot is the settlement source itself, known when received.");
  return true;
}

}  // namespace arbees::app
