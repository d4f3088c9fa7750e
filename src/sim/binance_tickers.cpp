#include "sim/binance_tickers.h"

#include <array>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/binance_exchange_info.h"
#include "sim/spot_text.h"

namespace arbees::sim::binance {
namespace {

using Writer = void (*)(JsonWriter& json, const World& world, const SpotProduct& product, Timestamp now);

SpotLevel best(const std::vector<SpotLevel>& levels) { return levels.empty() ? SpotLevel{} : levels.front(); }

void write_quote(JsonWriter& json, const SpotBookView& book) {
  const SpotLevel bid = best(book.bids);
  const SpotLevel ask = best(book.asks);
  json.field("bidPrice", to_text(bid.price)).field("bidQty", to_text(bid.quantity));
  json.field("askPrice", to_text(ask.price)).field("askQty", to_text(ask.quantity));
}

void write_price(JsonWriter& json, const World& world, const SpotProduct& product, Timestamp) {
  json.field("price", to_text(world.spot_day(product).last));
}

void write_book_ticker(JsonWriter& json, const World& world, const SpotProduct& product, Timestamp) {
  write_quote(json, world.spot_book(product));
}

void write_day(JsonWriter& json, const World& world, const SpotProduct& product, Timestamp now) {
  const SpotDay day = world.spot_day(product);
  const SpotTradeReport last = last_trade(world, product);
  json.field("priceChange", to_text(day.last - day.open));
  json.field("priceChangePercent", format_decimal(change_percent(day.open, day.last).units() / 100'000, 3));
  json.field("weightedAvgPrice", to_text(day.last)).field("prevClosePrice", to_text(day.open));
  json.field("lastPrice", to_text(day.last)).field("lastQty", to_text(last.quantity));
  write_quote(json, world.spot_book(product));
  json.field("openPrice", to_text(day.open)).field("highPrice", to_text(day.high)).field("lowPrice", to_text(day.low));
  json.field("volume", to_text(day.volume)).field("quoteVolume", to_text(quote_value(day.last, day.volume)));
  json.field("openTime", unix_ms(now - std::chrono::hours(24))).field("closeTime", unix_ms(now));
  json.field("firstId", last.trade_id == 0 ? 0 : 1).field("lastId", last.trade_id).field("count", last.trade_id);
}

struct Endpoint {
  std::string_view path;
  Writer write;
};
constexpr std::array<Endpoint, 4> kEndpoints = {{{"/api/v3/ticker/24hr", write_day},
                                                 {"/api/v3/ticker", write_day},
                                                 {"/api/v3/ticker/price", write_price},
                                                 {"/api/v3/ticker/bookTicker", write_book_ticker}}};

}  // namespace

std::optional<net::ServerResponse> ticker_response(const World& world, const net::ServerRequest& request,
                                                   Timestamp now) {
  for (const Endpoint& endpoint : kEndpoints) {
    if (endpoint.path != request.path) continue;
    const auto products = requested_products(world, request);
    if (!products) return invalid_symbol();
    const bool is_list = request.parameter("symbol").empty();
    JsonWriter json;
    if (is_list) json.begin_array();
    for (const SpotProduct* product : *products) {
      json.begin_object().field("symbol", product->symbol);
      endpoint.write(json, world, *product, now);
      json.end_object();
    }
    if (is_list) json.end_array();
    return net::ServerResponse{.body = json.take()};
  }
  return std::nullopt;
}

}  // namespace arbees::sim::binance
