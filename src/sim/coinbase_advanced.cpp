#include "sim/coinbase_advanced.h"

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/spot_text.h"

namespace arbees::sim::coinbase::advanced {
namespace {

// What the venue states as the time of levels that were there before.
constexpr std::string_view kNoEventTime = "1970-01-01T00:00:00Z";

void begin_event(JsonWriter& json, EventKind kind) {
  json.begin_object().field("type", kind == EventKind::Snapshot ? "snapshot" : "update");
}

void write_level(JsonWriter& json, const SpotProduct& product, const SpotLevelChange& change,
                 std::string_view event_time) {
  json.begin_object().field("side", change.side == BookSide::Bid ? "bid" : "offer").field("event_time", event_time);
  json.field("price_level", price_text(product, change.price)).field("new_quantity", to_text(change.quantity));
  json.end_object();
}

}  // namespace

std::string envelope(std::string_view channel, Timestamp at, std::uint64_t sequence_num, std::string_view event) {
  JsonWriter json;
  json.begin_object().field("channel", channel).field("client_id", "").field("timestamp", to_iso_ns(at));
  json.field("sequence_num", sequence_num).key("events").begin_array().raw(event).end_array();
  return json.end_object().take();
}

std::string error(std::string_view message) {
  JsonWriter json;
  return json.begin_object().field("type", "error").field("message", message).end_object().take();
}

std::string subscriptions(const SubscriptionList& channels) {
  JsonWriter json;
  json.begin_object().key("subscriptions").begin_object();
  for (const auto& [channel, products] : channels) {
    json.key(channel).begin_array();
    for (const std::string& product : products) json.value(product);
    json.end_array();
  }
  return json.end_object().end_object().take();
}

std::string heartbeat(Timestamp at, std::uint64_t counter) {
  std::string time = to_iso_ns(at);
  time[time.find('T')] = ' ';
  time.pop_back();
  JsonWriter json;
  json.begin_object().field("current_time", time + " +0000 UTC").field("heartbeat_counter", counter);
  return json.end_object().take();
}

std::string l2_snapshot(const SpotProduct& product, const SpotBookView& book) {
  JsonWriter json;
  begin_event(json, EventKind::Snapshot);
  json.field("product_id", product.symbol).key("updates").begin_array();
  const auto write_side = [&](const std::vector<SpotLevel>& levels, BookSide side) {
    for (const SpotLevel& level : levels) {
      write_level(json, product, {side, level.price, level.quantity, 0, kNoTime}, kNoEventTime);
    }
  };
  write_side(book.bids, BookSide::Bid);
  write_side(book.asks, BookSide::Ask);
  return json.end_array().end_object().take();
}

std::string l2_update(const SpotProduct& product, const std::vector<SpotLevelChange>& changes) {
  JsonWriter json;
  begin_event(json, EventKind::Update);
  json.field("product_id", product.symbol).key("updates").begin_array();
  for (const SpotLevelChange& change : changes) write_level(json, product, change, iso_us(change.time));
  return json.end_array().end_object().take();
}

std::string market_trades(const SpotProduct& product, const std::vector<SpotTradeReport>& trades, EventKind kind) {
  JsonWriter json;
  begin_event(json, kind);
  json.key("trades").begin_array();
  for (const SpotTradeReport& trade : trades) {
    json.begin_object().field("trade_id", std::to_string(trade.trade_id)).field("product_id", product.symbol);
    json.field("price", price_text(product, trade.price)).field("size", to_text(trade.quantity));
    json.field("side", trade.taker_side == BookSide::Bid ? "SELL" : "BUY").field("time", iso_us(trade.time));
    json.end_object();
  }
  return json.end_array().end_object().take();
}

std::string ticker(const SpotProduct& product, const Quote& quote, EventKind kind, bool has_quote) {
  const SpotDay& day = quote.day;
  JsonWriter json;
  begin_event(json, kind);
  json.key("tickers").begin_array().begin_object();
  json.field("type", "ticker").field("product_id", product.symbol).field("price", price_text(product, day.last));
  json.field("volume_24_h", to_text(day.volume));
  json.field("low_24_h", price_text(product, day.low)).field("high_24_h", price_text(product, day.high));
  json.field("low_52_w", price_text(product, day.low)).field("high_52_w", price_text(product, day.high));
  json.field("price_percent_chg_24_h", short_text(change_percent(day.open, day.last).units()));
  if (has_quote) {
    json.field("best_bid", price_text(product, quote.bid.price));
    json.field("best_bid_quantity", to_text(quote.bid.quantity));
    json.field("best_ask", price_text(product, quote.ask.price));
    json.field("best_ask_quantity", to_text(quote.ask.quantity));
  }
  return json.end_object().end_array().end_object().take();
}

std::string candles(const SpotProduct& product, const std::vector<SpotCandle>& candles, EventKind kind) {
  JsonWriter json;
  begin_event(json, kind);
  json.key("candles").begin_array();
  for (auto candle = candles.rbegin(); candle != candles.rend(); ++candle) {
    json.begin_object().field("start", std::to_string(unix_ms(candle->opens_at) / 1000));
    json.field("high", price_text(product, candle->high)).field("low", price_text(product, candle->low));
    json.field("open", price_text(product, candle->open)).field("close", price_text(product, candle->close));
    json.field("volume", to_text(candle->volume)).field("product_id", product.symbol).end_object();
  }
  return json.end_array().end_object().take();
}

std::string status(const std::vector<const SpotProduct*>& products) {
  JsonWriter json;
  begin_event(json, EventKind::Snapshot);
  json.key("products").begin_array();
  for (const SpotProduct* product : products) {
    json.begin_object().field("product_type", "SPOT").field("id", product->symbol);
    json.field("base_currency", asset_name(product->asset)).field("quote_currency", "USD");
    json.field("base_increment", short_text(product->step.units()));
    json.field("quote_increment", short_text(product->tick.units()));
    json.field("display_name", std::string(asset_name(product->asset)) + "/USD").field("status", "online");
    json.field("status_message", "").field("min_market_funds", "1").end_object();
  }
  return json.end_array().end_object().take();
}

}  // namespace arbees::sim::coinbase::advanced
