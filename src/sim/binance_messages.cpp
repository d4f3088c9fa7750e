#include "sim/binance_messages.h"

#include <algorithm>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/spot_text.h"

namespace arbees::sim::binance {
namespace {

// Of a bar's volume, what takers bought: the world does not keep it, half is a fair account.
constexpr std::int64_t kTakerBuysOneOf = 2;

void write_levels(JsonWriter& json, const std::vector<SpotLevel>& levels, std::size_t limit) {
  json.begin_array();
  for (std::size_t i = 0; i < std::min(limit, levels.size()); ++i) {
    json.begin_array().value(to_text(levels[i].price)).value(to_text(levels[i].quantity)).end_array();
  }
  json.end_array();
}

void begin_event(JsonWriter& json, std::string_view type, const SpotProduct& product, Timestamp at) {
  json.begin_object().field("e", type).field("E", unix_ms(at)).field("s", product.symbol);
}

Timestamp last_instant(const Kline& kline) {
  return kline.candle.opens_at + kline.length - std::chrono::milliseconds(1);
}

SpotQuantity taker_bought(const Kline& kline) {
  return SpotQuantity::from_units(kline.candle.volume.units() / kTakerBuysOneOf);
}

void put_level(std::vector<SpotLevel>& levels, const SpotLevelChange& change) {
  const auto it =
      std::find_if(levels.begin(), levels.end(), [&](const SpotLevel& l) { return l.price == change.price; });
  if (it != levels.end()) {
    it->quantity = change.quantity;
  } else {
    levels.push_back({change.price, change.quantity});
  }
}

}  // namespace

void DepthBatch::add(const SpotLevelChange& change) {
  if (first_id == 0) first_id = change.update_id;
  last_id = change.update_id;
  put_level(change.side == BookSide::Bid ? bids : asks, change);
}

std::string depth_update(const SpotProduct& product, const DepthBatch& batch, Timestamp at) {
  JsonWriter json;
  begin_event(json, "depthUpdate", product, at);
  json.field("U", batch.first_id).field("u", batch.last_id);
  write_levels(json.key("b"), batch.bids, batch.bids.size());
  write_levels(json.key("a"), batch.asks, batch.asks.size());
  return json.end_object().take();
}

std::string trade(const SpotProduct& product, const SpotTradeReport& trade, Timestamp at) {
  JsonWriter json;
  begin_event(json, "trade", product, at);
  json.field("t", trade.trade_id).field("p", to_text(trade.price)).field("q", to_text(trade.quantity));
  json.field("T", unix_ms(trade.time)).field("m", trade.taker_side == BookSide::Ask).field("M", true);
  return json.end_object().take();
}

std::string aggregate_trade(const SpotProduct& product, const SpotTradeReport& trade, Timestamp at) {
  JsonWriter json;
  begin_event(json, "aggTrade", product, at);
  json.field("a", trade.trade_id).field("p", to_text(trade.price)).field("q", to_text(trade.quantity));
  json.field("f", trade.trade_id).field("l", trade.trade_id);
  json.field("T", unix_ms(trade.time)).field("m", trade.taker_side == BookSide::Ask).field("M", true);
  return json.end_object().take();
}

std::string book_ticker(const SpotProduct& product, const SpotBookView& view) {
  const SpotLevel bid = view.bids.empty() ? SpotLevel{} : view.bids.front();
  const SpotLevel ask = view.asks.empty() ? SpotLevel{} : view.asks.front();
  JsonWriter json;
  json.begin_object().field("u", view.update_id).field("s", product.symbol);
  json.field("b", to_text(bid.price)).field("B", to_text(bid.quantity));
  json.field("a", to_text(ask.price)).field("A", to_text(ask.quantity));
  return json.end_object().take();
}

std::string mini_ticker(const SpotProduct& product, const Ticker& ticker) {
  const SpotDay& day = ticker.day;
  JsonWriter json;
  begin_event(json, "24hrMiniTicker", product, ticker.at);
  json.field("c", to_text(day.last)).field("o", to_text(day.open));
  json.field("h", to_text(day.high)).field("l", to_text(day.low));
  json.field("v", to_text(day.volume)).field("q", to_text(quote_value(day.last, day.volume)));
  return json.end_object().take();
}

std::string ticker(const SpotProduct& product, const Ticker& ticker) {
  const SpotDay& day = ticker.day;
  const SpotLevel bid = ticker.book.bids.empty() ? SpotLevel{} : ticker.book.bids.front();
  const SpotLevel ask = ticker.book.asks.empty() ? SpotLevel{} : ticker.book.asks.front();
  JsonWriter json;
  begin_event(json, "24hrTicker", product, ticker.at);
  json.field("p", to_text(day.last - day.open));
  json.field("P", format_decimal(change_percent(day.open, day.last).units() / 100'000, 3));
  json.field("w", to_text(day.last)).field("x", to_text(day.open));
  json.field("c", to_text(day.last)).field("Q", to_text(ticker.last_trade.quantity));
  json.field("b", to_text(bid.price)).field("B", to_text(bid.quantity));
  json.field("a", to_text(ask.price)).field("A", to_text(ask.quantity));
  json.field("o", to_text(day.open)).field("h", to_text(day.high)).field("l", to_text(day.low));
  json.field("v", to_text(day.volume)).field("q", to_text(quote_value(day.last, day.volume)));
  json.field("O", unix_ms(ticker.at - std::chrono::hours(24))).field("C", unix_ms(ticker.at));
  json.field("F", std::min<std::uint64_t>(1, ticker.last_trade.trade_id)).field("L", ticker.last_trade.trade_id);
  json.field("n", ticker.last_trade.trade_id);
  return json.end_object().take();
}

std::string kline(const SpotProduct& product, const Kline& kline, Timestamp at) {
  const SpotCandle& candle = kline.candle;
  JsonWriter json;
  begin_event(json, "kline", product, at);
  json.key("k").begin_object();
  json.field("t", unix_ms(candle.opens_at)).field("T", unix_ms(last_instant(kline)));
  json.field("s", product.symbol).field("i", kline.interval).field("f", -1).field("L", -1);
  json.field("o", to_text(candle.open)).field("c", to_text(candle.close));
  json.field("h", to_text(candle.high)).field("l", to_text(candle.low));
  json.field("v", to_text(candle.volume)).field("n", candle.trades).field("x", kline.is_closed);
  json.field("q", to_text(quote_value(candle.close, candle.volume)));
  json.field("V", to_text(taker_bought(kline)));
  json.field("Q", to_text(quote_value(candle.close, taker_bought(kline)))).field("B", "0");
  return json.end_object().end_object().take();
}

std::string combined(std::string_view stream, std::string_view payload) {
  JsonWriter json;
  json.begin_object().field("stream", stream).key("data").raw(payload);
  return json.end_object().take();
}

std::string depth_snapshot(const SpotBookView& view, std::size_t levels) {
  JsonWriter json;
  json.begin_object().field("lastUpdateId", view.update_id);
  write_levels(json.key("bids"), view.bids, levels);
  write_levels(json.key("asks"), view.asks, levels);
  return json.end_object().take();
}

std::string kline_row(const Kline& kline) {
  const SpotCandle& candle = kline.candle;
  JsonWriter json;
  json.begin_array().value(unix_ms(candle.opens_at));
  json.value(to_text(candle.open)).value(to_text(candle.high)).value(to_text(candle.low)).value(to_text(candle.close));
  json.value(to_text(candle.volume)).value(unix_ms(last_instant(kline)));
  json.value(to_text(quote_value(candle.close, candle.volume))).value(candle.trades);
  json.value(to_text(taker_bought(kline))).value(to_text(quote_value(candle.close, taker_bought(kline)))).value("0");
  return json.end_array().take();
}

}  // namespace arbees::sim::binance
