// Advanced Trade's public REST answers, and those of /v2.

#include <algorithm>
#include <array>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/coinbase_exchange.h"
#include "sim/coinbase_products.h"
#include "sim/coinbase_rest.h"
#include "sim/keys.h"
#include "sim/spot_text.h"

namespace arbees::sim::coinbase {
namespace {

using net::ServerResponse;

constexpr std::size_t kMaxCandles = 350;
constexpr std::int64_t kMaxTrades = 1000;
constexpr std::int64_t kDefaultTrades = 100;
constexpr std::uint64_t kAssetNames = 0xC01D;

struct Granularity {
  std::string_view name;
  Duration length;
};
constexpr std::array<Granularity, 9> kGranularities = {{{"ONE_MINUTE", std::chrono::minutes(1)},
                                                        {"FIVE_MINUTE", std::chrono::minutes(5)},
                                                        {"FIFTEEN_MINUTE", std::chrono::minutes(15)},
                                                        {"THIRTY_MINUTE", std::chrono::minutes(30)},
                                                        {"ONE_HOUR", std::chrono::hours(1)},
                                                        {"TWO_HOUR", std::chrono::hours(2)},
                                                        {"FOUR_HOUR", std::chrono::hours(4)},
                                                        {"SIX_HOUR", std::chrono::hours(6)},
                                                        {"ONE_DAY", std::chrono::hours(24)}}};

ServerResponse problem(int status, std::string_view error, std::string_view details) {
  JsonWriter json;
  json.begin_object().field("error", error).field("error_details", details).field("message", details);
  return {.status = status, .body = json.end_object().take()};
}

ServerResponse unknown_product() { return problem(404, "NOT_FOUND", "valid product_id is required"); }
ServerResponse not_found() { return problem(404, "NOT_FOUND", "no such resource"); }

std::int64_t limit_of(const Call& call, std::int64_t fallback, std::int64_t greatest) {
  return std::clamp<std::int64_t>(parse_decimal(call.request.parameter("limit"), 0).value_or(fallback), 1, greatest);
}

ServerResponse products(const Call& call) {
  const std::string type = call.request.parameter("product_type");
  const bool lists_spot = type.empty() || type == "SPOT" || type == "UNKNOWN_PRODUCT_TYPE";
  const auto all = lists_spot ? call.world.products(Venue::Coinbase) : std::vector<const SpotProduct*>();
  JsonWriter json;
  json.begin_object().key("products").begin_array();
  for (const SpotProduct* product : all) json.raw(brokerage_product(call.world, *product));
  json.end_array().field("num_products", static_cast<std::uint64_t>(all.size()));
  return {.body = json.end_object().take()};
}

void write_levels(JsonWriter& json, const SpotProduct& product, const std::vector<SpotLevel>& levels,
                  std::size_t limit) {
  json.begin_array();
  for (std::size_t i = 0; i < std::min(limit, levels.size()); ++i) {
    json.begin_object().field("price", price_text(product, levels[i].price));
    json.field("size", to_text(levels[i].quantity)).end_object();
  }
  json.end_array();
}

ServerResponse product_book(const Call& call) {
  const SpotProduct* product = call.world.find_product(Venue::Coinbase, call.request.parameter("product_id"));
  if (product == nullptr) return unknown_product();
  const SpotBookView book = call.world.spot_book(*product);
  const Quote quote = quote_of(call.world, *product);
  const SpotPrice spread = quote.ask.price - quote.bid.price;
  const SpotPrice middle = SpotPrice::from_units((quote.ask.price.units() + quote.bid.price.units()) / 2);
  const auto limit = static_cast<std::size_t>(limit_of(call, kMaxTrades, kMaxTrades));
  JsonWriter json;
  json.begin_object().key("pricebook").begin_object().field("product_id", product->symbol);
  write_levels(json.key("bids"), *product, book.bids, limit);
  write_levels(json.key("asks"), *product, book.asks, limit);
  json.field("time", iso_us(call.books.at)).end_object();
  json.field("last", price_text(*product, quote.day.last)).field("mid_market", short_text(middle.units()));
  json.field("spread_bps", short_text(change_percent(middle, middle + spread).units() * 100));
  return {.body = json.field("spread_absolute", short_text(spread.units())).end_object().take()};
}

// The newest trades, newest first, sides the maker's.
ServerResponse ticker(const Call& call, const SpotProduct& product) {
  const auto limit = static_cast<std::size_t>(limit_of(call, kDefaultTrades, kMaxTrades));
  const Quote quote = quote_of(call.world, product);
  JsonWriter json;
  json.begin_object().key("trades").begin_array();
  for (const SpotTradeReport& trade : call.world.spot_trades(product, limit)) {
    json.begin_object().field("trade_id", std::to_string(trade.trade_id)).field("product_id", product.symbol);
    json.field("price", price_text(product, trade.price)).field("size", to_text(trade.quantity));
    json.field("time", iso_us(trade.time)).field("side", trade.taker_side == BookSide::Bid ? "SELL" : "BUY");
    json.field("bid", "").field("ask", "").field("exchange", "").end_object();
  }
  json.end_array().field("best_bid", price_text(product, quote.bid.price));
  return {.body = json.field("best_ask", price_text(product, quote.ask.price)).end_object().take()};
}

ServerResponse candles(const Call& call, const SpotProduct& product) {
  const std::string name = call.request.parameter("granularity");
  const auto granularity = std::find_if(kGranularities.begin(), kGranularities.end(),
                                        [&](const Granularity& known) { return known.name == name; });
  if (granularity == kGranularities.end()) return problem(400, "INVALID_ARGUMENT", "invalid granularity");
  const auto start = read_instant(call.request.parameter("start"));
  const auto end = read_instant(call.request.parameter("end"));
  if (!start || !end) return problem(400, "INVALID_ARGUMENT", "invalid start or end");
  if ((*end - *start) / granularity->length > static_cast<std::int64_t>(kMaxCandles)) {
    return problem(400, "INVALID_ARGUMENT", "number of candles requested should be less than 350");
  }
  const auto limit = static_cast<std::size_t>(limit_of(call, kMaxCandles, kMaxCandles));
  JsonWriter json;
  json.begin_object().key("candles").begin_array();
  for (const SpotCandle& candle : newest_candles(call.world, product, granularity->length, {*start, *end, limit})) {
    json.begin_object().field("start", std::to_string(unix_ms(candle.opens_at) / 1000));
    json.field("low", price_text(product, candle.low)).field("high", price_text(product, candle.high));
    json.field("open", price_text(product, candle.open)).field("close", price_text(product, candle.close));
    json.field("volume", to_text(candle.volume)).end_object();
  }
  return {.body = json.end_array().end_object().take()};
}

ServerResponse brokerage_time(Timestamp now) {
  JsonWriter json;
  json.begin_object().field("iso", to_iso_ms(now)).field("epochSeconds", std::to_string(unix_ms(now) / 1000));
  return {.body = json.field("epochMillis", std::to_string(unix_ms(now))).end_object().take()};
}

// `parts` behind /api/v3/brokerage[/market].
ServerResponse brokerage(const Call& call, const std::vector<std::string_view>& parts) {
  if (parts.size() == 1 && parts[0] == "time") return brokerage_time(call.now);
  if (parts.size() == 1 && parts[0] == "product_book") return product_book(call);
  if (parts.empty() || parts.size() > 3 || parts[0] != "products") return not_found();
  if (parts.size() == 1) return products(call);
  const SpotProduct* product = call.world.find_product(Venue::Coinbase, parts[1]);
  if (product == nullptr) return unknown_product();
  if (parts.size() == 2) return {.body = brokerage_product(call.world, *product)};
  if (parts[2] == "ticker") return ticker(call, *product);
  return parts[2] == "candles" ? candles(call, *product) : not_found();
}

ServerResponse fiat_currencies() {
  return {.body = R"({"data":[{"id":"USD","name":"United States Dollar","min_size":"0.01"}]})"};
}

ServerResponse crypto_currencies(const World& world) {
  JsonWriter json;
  json.begin_object().key("data").begin_array();
  for (const SpotProduct* product : world.products(Venue::Coinbase)) {
    json.begin_object().field("asset_id", seeded_uuid(kAssetNames, static_cast<std::uint64_t>(product->asset), 0));
    json.field("code", asset_name(product->asset)).field("name", currency_name(product->asset));
    json.field("color", "#0433FF").field("sort_index", static_cast<unsigned>(product->asset)).field("exponent", 8);
    json.field("type", "crypto").field("address_regex", "^.*$").end_object();
  }
  return {.body = json.end_array().end_object().take()};
}

// What one dollar buys.
ServerResponse exchange_rates(const World& world) {
  JsonWriter json;
  json.begin_object().key("data").begin_object().field("currency", "USD").key("rates").begin_object();
  json.field("USD", "1");
  for (const SpotProduct* product : world.products(Venue::Coinbase)) {
    const SpotPrice price = world.spot_day(*product).last;
    if (!price.is_positive()) continue;
    constexpr std::int64_t kOneAtSixteenDecimals = 10'000'000'000'000'000;
    json.field(asset_name(product->asset), short_text(kOneAtSixteenDecimals / price.units()));
  }
  return {.body = json.end_object().end_object().end_object().take()};
}

ServerResponse price(const Call& call, const SpotProduct& product, std::string_view kind) {
  const Quote quote = quote_of(call.world, product);
  SpotPrice amount = quote.day.last;
  if (kind == "buy") amount = quote.ask.price;
  if (kind == "sell") amount = quote.bid.price;
  JsonWriter json;
  json.begin_object().key("data").begin_object().field("amount", price_text(product, amount));
  json.field("base", asset_name(product.asset)).field("currency", "USD");
  return {.body = json.end_object().end_object().take()};
}

// `parts` behind /v2.
ServerResponse version_two(const Call& call, const std::vector<std::string_view>& parts) {
  if (parts.size() == 1 && parts[0] == "time") {
    JsonWriter json;
    json.begin_object().key("data").begin_object().field("iso", to_iso_ms(call.now));
    return {.body = json.field("epoch", unix_ms(call.now) / 1000).end_object().end_object().take()};
  }
  if (parts.size() == 1 && parts[0] == "currencies") return fiat_currencies();
  if (parts.size() == 2 && parts[0] == "currencies" && parts[1] == "crypto") return crypto_currencies(call.world);
  if (parts.size() == 1 && parts[0] == "exchange-rates") return exchange_rates(call.world);
  if (parts.size() != 3 || parts[0] != "prices") return not_found();
  const SpotProduct* product = call.world.find_product(Venue::Coinbase, parts[1]);
  return product == nullptr ? not_found() : price(call, *product, parts[2]);
}

}  // namespace

std::optional<ServerResponse> brokerage_answer(const Call& call) {
  const auto& parts = call.parts;
  if (!parts.empty() && parts[0] == "v2") return version_two(call, {parts.begin() + 1, parts.end()});
  if (parts.size() < 3 || parts[0] != "api" || parts[1] != "v3" || parts[2] != "brokerage") return std::nullopt;
  const bool is_market = parts.size() > 3 && parts[3] == "market";
  return brokerage(call, {parts.begin() + (is_market ? 4 : 3), parts.end()});
}

}  // namespace arbees::sim::coinbase
