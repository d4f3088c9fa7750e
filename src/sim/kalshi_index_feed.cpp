#include "sim/kalshi_index_feed.h"

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "core/base/wide_int.h"

namespace arbees::sim {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);
constexpr Duration kQuarter = std::chrono::minutes(15);
constexpr Duration kRemembered = std::chrono::minutes(2);

// The first full quarter of an hour at or after `time`.
Timestamp quarter_after(Timestamp time) noexcept {
  const Duration since = time.time_since_epoch();
  return Timestamp((since + kQuarter - Duration(1)) / kQuarter * kQuarter);
}

void write_average(JsonWriter& json, SpotPrice value, std::int64_t count, Timestamp from, Timestamp until) {
  json.begin_object().field("value", to_text(value)).field("window_size", count);
  json.field("window_start_ts_ms", unix_milliseconds(from)).field("window_end_ts_exclusive", unix_milliseconds(until));
  json.end_object();
}

}  // namespace

std::string kalshi_index_id(Asset asset) {
  return asset == Asset::BTC ? "BRTI" : std::string(asset_name(asset)) + "USD_RTI";
}

std::vector<std::string> KalshiIndexFeed::index_ids() {
  return {kalshi_index_id(Asset::BTC), kalshi_index_id(Asset::ETH), kalshi_index_id(Asset::SOL)};
}

bool KalshiIndexFeed::add(const IndexValue& print) {
  if (print.source != SettlementSource::CfBenchmarksMean60) return false;
  std::deque<Print>& prints = prints_[print.asset];
  prints.push_back({print.time, print.value});
  while (prints.front().time < print.time - kRemembered) prints.pop_front();
  return true;
}

KalshiIndexFeed::Mean KalshiIndexFeed::mean(Asset asset, Timestamp from, Timestamp until, bool includes_end) const {
  Mean result;
  Int128 sum = 0;
  for (const Print& print : prints_.at(asset)) {
    const bool is_inside =
        includes_end ? print.time > from && print.time <= until : print.time >= from && print.time < until;
    if (!is_inside) continue;
    sum += print.value.units();
    ++result.count;
  }
  if (result.count > 0) result.value = SpotPrice::from_units(static_cast<std::int64_t>(sum / result.count));
  return result;
}

std::string KalshiIndexFeed::vendor_frame(const IndexValue& print) const {
  const int decimals = print.asset == Asset::SOL ? 4 : 2;
  const std::int64_t unit = power_of_ten(SpotPrice::kDecimals - decimals);
  JsonWriter json;
  json.begin_object().field("type", "value").field("id", kalshi_index_id(print.asset));
  json.field("time", unix_milliseconds(print.time));
  json.field("value", format_decimal(print.value.units() / unit, decimals)).end_object();
  return json.take();
}

std::string KalshiIndexFeed::value_body(const IndexValue& print) const {
  const Mean trailing = mean(print.asset, print.time - kMinute, print.time, false);
  const Timestamp quarter = quarter_after(print.time);
  JsonWriter json;
  json.begin_object().field("index_id", kalshi_index_id(print.asset));
  json.field("received_at", shared_.stated_ms(shared_.now())).field("data", vendor_frame(print)).key("avg_60s_data");
  write_average(json, trailing.count > 0 ? trailing.value : print.value, trailing.count, print.time - kMinute,
                print.time);
  if (print.time > quarter - kMinute) {
    const Mean closing = mean(print.asset, quarter - kMinute, print.time, true);
    json.key("last_60s_windowed_average_15min");
    write_average(json, closing.value, closing.count, quarter - kMinute, print.time);
  }
  json.end_object();
  return json.take();
}

std::string KalshiIndexFeed::fast_body(const IndexValue& print) const {
  JsonWriter json;
  json.begin_object().field("index_id", kalshi_index_id(print.asset)).field("value_usd", to_text(print.value));
  json.field("source_ts_ms", unix_milliseconds(print.time)).field("received_at", shared_.stated_ms(shared_.now()));
  json.field("data", vendor_frame(print)).end_object();
  return json.take();
}

}  // namespace arbees::sim
