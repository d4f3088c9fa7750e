// Kalshi's hourly contracts: full ladders with quotes, and single predictions with outcomes.

#include "app/calibration/csv.h"
#include "app/calibration/formats.h"

namespace arbees::app {
namespace {

// Strikes as Kalshi lists them; false if the row does not say.
bool read_strikes(const CsvReader& csv, Instant& instant) {
  const std::string_view kind = csv.text("strike_type");
  const auto floor = csv.number("floor_strike");
  const auto cap = csv.number("cap_strike");
  if (kind == "between" && floor && cap) {
    instant.is_range = true;
    instant.lower = *floor;
    instant.upper = *cap;
    return true;
  }
  if (kind.starts_with("greater") && floor) {
    instant.comparator = kind == "greater" ? Comparator::Greater : Comparator::GreaterOrEqual;
    instant.lower = *floor;
    return true;
  }
  if (kind.starts_with("less") && cap) {
    instant.comparator = kind == "less" ? Comparator::Less : Comparator::LessOrEqual;
    instant.lower = *cap;
    return true;
  }
  return false;
}

bool holds(const Instant& instant, double value) {
  if (instant.is_range) return value >= instant.lower && value <= instant.upper;
  switch (instant.comparator) {
    case Comparator::Greater: return value > instant.lower;
    case Comparator::GreaterOrEqual: return value >= instant.lower;
    case Comparator::Less: return value < instant.lower;
    default: return value <= instant.lower;
  }
}

// "KXBTC-26JUL0302-B50750" → "BTC".
std::string asset_of(std::string_view ticker) {
  if (ticker.starts_with("KX")) ticker.remove_prefix(2);
  std::string_view name = ticker.substr(0, ticker.find('-'));
  for (const std::string_view suffix : {"15M", "D"}) {
    if (name.size() > suffix.size() + 2 && name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  return std::string(name);
}

void prepare(Sample& sample) {
  sample.rule = *averaging_rule(SettlementSource::CfBenchmarksMean60);
  sample.rounding_unit = 0.01;
  sample.spot_error = 1e-4;
}

SpotRecord flat_candle(double spot) { return {{spot, spot, spot, spot}, 0.0}; }

bool add_ladder_row(const CsvReader& csv, Sample& sample, Timestamp& last_capture) {
  const auto at = parse_iso8601(csv.text("captured_at"));
  const auto close = parse_iso8601(csv.text("close_time"));
  const auto spot = csv.number("spot");
  const auto bid = csv.number("yes_bid");
  const auto ask = csv.number("yes_ask");
  Instant instant;
  if (!at || !close || !spot || !bid || !ask || !read_strikes(csv, instant)) return false;
  AssetSample& asset = sample.assets[asset_of(csv.text("ticker"))];
  if (*at != last_capture) {
    asset.spots.add(*at, flat_candle(*spot));
    last_capture = *at;
  }
  const std::string_view result = csv.text("result");
  if (result != "yes" && result != "no") return true;  // its result came with a capture that is missing
  instant.at = *at;
  instant.close = *close;
  instant.spot = *spot;
  instant.market = two_sided_mid(*bid, *ask);
  instant.outcome = result == "yes";
  if (const auto value = csv.number("expiration_value")) {
    ++sample.settlement_checked;
    sample.settlement_reproduced += holds(instant, *value) == instant.outcome ? 1 : 0;
  }
  if (instant.at < instant.close) asset.instants.push_back(instant);
  return true;
}

bool add_prediction_row(const CsvReader& csv, Sample& sample) {
  const auto at = parse_iso8601(csv.text("snapshot_ts"));
  const auto close = parse_iso8601(csv.text("expiry"));
  const auto cost = csv.number("cost");
  const std::string_view outcome = csv.text("actual_yes");
  const std::string_view direction = csv.text("direction");
  Instant instant;
  if (!at || !close || !cost || !read_strikes(csv, instant)) return false;
  if ((outcome != "0" && outcome != "1") || (direction != "YES" && direction != "NO")) return false;
  instant.at = *at;
  instant.close = *close;
  instant.outcome = outcome == "1";
  // Only the ask of one side was kept: it stands for the market, dear by half a spread.
  if (*cost > 0.0 && *cost < 1.0) instant.market = direction == "YES" ? *cost : 1.0 - *cost;
  AssetSample& asset = sample.assets[asset_of(csv.text("market_ticker"))];
  if (const auto spot = csv.number("btc_price"); spot && *spot > 0.0) {
    instant.spot = *spot;
    asset.spots.add(*at, flat_candle(*spot));
  }
  if (const auto value = csv.number("actual_close")) {
    ++sample.settlement_checked;
    sample.settlement_reproduced += holds(instant, *value) == instant.outcome ? 1 : 0;
  }
  if (instant.at < instant.close) asset.instants.push_back(instant);
  return true;
}

}  // namespace

bool load_hourly_ladder(const SampleFiles& files, Sample& sample, std::string& mistake) {
  prepare(sample);
  for (const std::string& file : files.files) {
    auto csv = CsvReader::open(file);
    if (!csv || !csv->has_column("captured_at")) {
      mistake = file + ": no ladder of captured_at, strike_type, …";
      return false;
    }
    Timestamp last_capture = kNoTime;
    while (csv->next()) sample.bad_lines += add_ladder_row(*csv, sample, last_capture) ? 0 : 1;
  }
  sample.notes.emplace_back("Market: mids of two-sided quotes only. Spot: Coinbase, fetched in the same pass.");
  return true;
}

bool load_hourly_predictions(const SampleFiles& files, Sample& sample, std::string& mistake) {
  prepare(sample);
  for (const std::string& file : files.files) {
    auto csv = CsvReader::open(file);
    if (!csv || !csv->has_column("snapshot_ts")) {
      mistake = file + ": no predictions with snapshot_ts, direction, cost, …";
      return false;
    }
    while (csv->next()) sample.bad_lines += add_prediction_row(*csv, sample) ? 0 : 1;
  }
  std::vector<TimedCandle> candles;
  if (!load_candles(files.spot_files, candles, mistake)) return false;
  for (const TimedCandle& candle : candles) sample.assets["BTC"].spots.add(candle.end, {candle.candle, 60.0, true});
  sample.notes.emplace_back(
      "Market: the ask of the side the author listed, not a mid. Settlement: the author's BTC price, not the index.");
  return true;
}

}  // namespace arbees::app
