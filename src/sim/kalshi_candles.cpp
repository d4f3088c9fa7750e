#include "sim/kalshi_candles.h"

#include <algorithm>

#include "adapters/telemetry/format.h"
#include "sim/kalshi_text.h"

namespace arbees::sim {
namespace {

std::int64_t minute_of(Timestamp time) noexcept { return unix_seconds(time) / 60; }

void write_range(JsonWriter& json, const KalshiRange& range) {
  json.field("open_dollars", to_text(range.open)).field("low_dollars", to_text(range.low));
  json.field("high_dollars", to_text(range.high)).field("close_dollars", to_text(range.close));
}

}  // namespace

void KalshiRange::add(Price at) noexcept {
  if (!is_known) *this = {at, at, at, at, true};
  low = std::min(low, at);
  high = std::max(high, at);
  close = at;
}

void KalshiRange::add(const KalshiRange& later) noexcept {
  if (!later.is_known) return;
  if (!is_known) open = low = high = later.open;
  is_known = true;
  low = std::min(low, later.low);
  high = std::max(high, later.high);
  close = later.close;
}

void KalshiCandles::Candle::add(const Candle& later) noexcept {
  bid.add(later.bid);
  ask.add(later.ask);
  price.add(later.price);
  volume += later.volume;
  traded += later.traded;
  open_interest = later.open_interest;
}

void KalshiCandles::on_quote(MarketId market, Price bid, Price ask, Timestamp at) {
  Candle& candle = series_[market][minute_of(at)];
  candle.bid.add(bid);
  candle.ask.add(ask);
}

void KalshiCandles::on_trade(const Market& market, const MarketTrade& trade) {
  Candle& candle = series_[market.id][minute_of(trade.time)];
  candle.price.add(trade.price);
  candle.volume += trade.quantity;
  candle.traded += trade.price * trade.quantity;
  candle.open_interest = market.open_interest;
}

void KalshiCandles::write_candle(JsonWriter& json, std::int64_t end, const Candle& candle,
                                 const std::optional<Price>& previous) {
  json.begin_object().field("end_period_ts", end).key("yes_bid").begin_object();
  write_range(json, candle.bid);
  json.end_object().key("yes_ask").begin_object();
  write_range(json, candle.ask);
  json.end_object().key("price").begin_object();
  if (candle.price.is_known) {
    write_range(json, candle.price);
    const std::int64_t mean = candle.traded.units() / candle.volume.units();
    json.field("mean_dollars", to_text(Price::from_units(mean)));
  }
  if (previous) json.field("previous_dollars", to_text(*previous));
  json.end_object().field("volume_fp", to_text(candle.volume));
  json.field("open_interest_fp", to_text(candle.open_interest)).end_object();
}

void KalshiCandles::write(JsonWriter& json, const Market& market, std::int64_t start, std::int64_t end,
                          std::int64_t minutes) const {
  json.begin_array();
  const auto series = series_.find(market.id);
  std::map<std::int64_t, Candle> merged;  // by the second it ends
  std::optional<Price> previous;
  if (series != series_.end()) {
    for (const auto& [minute, candle] : series->second) merged[(minute / minutes + 1) * minutes * 60].add(candle);
  }
  for (const auto& [ends, candle] : merged) {
    if (ends >= start && ends <= end) write_candle(json, ends, candle, previous);
    if (candle.price.is_known) previous = candle.price.close;
  }
  json.end_array();
}

}  // namespace arbees::sim
