#include "sim/coinbase_exchange.h"

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/keys.h"
#include "sim/spot_text.h"

namespace arbees::sim::coinbase {
namespace {

// Names of orders are UUIDs of this space of the seed.
constexpr std::uint64_t kOrderNames = 0xC01B;
constexpr std::int64_t kDaysOfVolume = 30;

void write_levels(JsonWriter& json, const SpotProduct& product, const std::vector<SpotLevel>& levels) {
  json.begin_array();
  for (const SpotLevel& level : levels) {
    json.begin_array().value(price_text(product, level.price)).value(to_text(level.quantity)).end_array();
  }
  json.end_array();
}

SpotLevel best(const std::vector<SpotLevel>& levels) { return levels.empty() ? SpotLevel{} : levels.front(); }

}  // namespace

Quote quote_of(const World& world, const SpotProduct& product) {
  const SpotBookView book = world.spot_book(product);
  return {world.spot_day(product), best(book.bids), best(book.asks)};
}

namespace exchange {

std::string subscriptions(const SubscriptionList& channels) {
  JsonWriter json;
  json.begin_object().field("type", "subscriptions").key("channels").begin_array();
  for (const auto& [channel, products] : channels) {
    json.begin_object().field("name", channel).key("product_ids").begin_array();
    for (const std::string& product : products) json.value(product);
    json.end_array().key("account_ids").null().end_object();
  }
  return json.end_array().end_object().take();
}

std::string error(std::string_view message, std::string_view reason) {
  JsonWriter json;
  json.begin_object().field("type", "error").field("message", message);
  if (!reason.empty()) json.field("reason", reason);
  return json.end_object().take();
}

std::string snapshot(const SpotProduct& product, const SpotBookView& book, Timestamp at) {
  JsonWriter json;
  json.begin_object().field("type", "snapshot").field("product_id", product.symbol);
  write_levels(json.key("asks"), product, book.asks);
  write_levels(json.key("bids"), product, book.bids);
  return json.field("time", iso_us(at)).end_object().take();
}

std::string l2update(const SpotProduct& product, const std::vector<SpotLevelChange>& changes, Timestamp at) {
  JsonWriter json;
  json.begin_object().field("type", "l2update").field("product_id", product.symbol);
  json.key("changes").begin_array();
  for (const SpotLevelChange& change : changes) {
    json.begin_array().value(change.side == BookSide::Bid ? "buy" : "sell");
    json.value(price_text(product, change.price)).value(to_text(change.quantity)).end_array();
  }
  return json.end_array().field("time", iso_us(at)).end_object().take();
}

std::string match(const SpotProduct& product, const Match& match, std::string_view type) {
  const SpotTradeReport& trade = match.trade;
  const std::uint64_t orders = kOrderNames + static_cast<std::uint64_t>(product.asset);
  JsonWriter json;
  json.begin_object().field("type", type).field("trade_id", trade.trade_id);
  json.field("maker_order_id", seeded_uuid(match.seed, orders, trade.trade_id * 2));
  json.field("taker_order_id", seeded_uuid(match.seed, orders, trade.trade_id * 2 + 1));
  json.field("side", trade.taker_side == BookSide::Bid ? "sell" : "buy").field("size", to_text(trade.quantity));
  json.field("price", price_text(product, trade.price)).field("product_id", product.symbol);
  return json.field("sequence", match.sequence).field("time", iso_us(trade.time)).end_object().take();
}

std::string ticker(const SpotProduct& product, const Match& last, const Quote& quote) {
  const SpotDay& day = quote.day;
  JsonWriter json;
  json.begin_object().field("type", "ticker").field("sequence", last.sequence).field("product_id", product.symbol);
  json.field("price", price_text(product, last.trade.price)).field("open_24h", price_text(product, day.open));
  json.field("volume_24h", to_text(day.volume)).field("low_24h", price_text(product, day.low));
  json.field("high_24h", price_text(product, day.high)).field("volume_30d", to_text(day.volume * kDaysOfVolume));
  json.field("best_bid", price_text(product, quote.bid.price)).field("best_bid_size", to_text(quote.bid.quantity));
  json.field("best_ask", price_text(product, quote.ask.price)).field("best_ask_size", to_text(quote.ask.quantity));
  json.field("side", last.trade.taker_side == BookSide::Bid ? "buy" : "sell").field("time", iso_us(last.trade.time));
  json.field("trade_id", last.trade.trade_id).field("last_size", to_text(last.trade.quantity));
  return json.end_object().take();
}

std::string heartbeat(const SpotProduct& product, const Match& last, Timestamp at) {
  JsonWriter json;
  json.begin_object().field("type", "heartbeat").field("sequence", last.sequence);
  json.field("last_trade_id", last.trade.trade_id).field("product_id", product.symbol);
  return json.field("time", iso_us(at)).end_object().take();
}

std::string status(std::string_view products, std::string_view currencies) {
  JsonWriter json;
  json.begin_object().field("type", "status").key("products").raw(products).key("currencies").raw(currencies);
  return json.end_object().take();
}

}  // namespace exchange
}  // namespace arbees::sim::coinbase
