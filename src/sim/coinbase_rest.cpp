#include "sim/coinbase_rest.h"

#include <algorithm>
#include <array>
#include <limits>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/coinbase_exchange.h"
#include "sim/coinbase_products.h"
#include "sim/keys.h"
#include "sim/spot_text.h"

namespace arbees::sim::coinbase {
namespace {

using net::ServerResponse;

constexpr std::size_t kMaxCandles = 300;
constexpr std::size_t kMaxTrades = 1000;
constexpr std::int64_t kDefaultTrades = 1000;
constexpr std::uint64_t kBookOrderNames = 0xC01C;
constexpr std::array<std::int64_t, 6> kGranularities = {60, 300, 900, 3600, 21600, 86400};

ServerResponse problem(int status, std::string_view message) {
  JsonWriter json;
  return {.status = status, .body = json.begin_object().field("message", message).end_object().take()};
}

ServerResponse not_found() { return problem(404, "NotFound"); }

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) parts.push_back(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return parts;
}

// Level 3 names each order; there is one at each price here.
void write_side(JsonWriter& json, const SpotProduct& product, const std::vector<SpotLevel>& levels,
                std::int64_t level) {
  json.begin_array();
  const std::size_t count = level == 1 ? std::min<std::size_t>(1, levels.size()) : levels.size();
  for (std::size_t i = 0; i < count; ++i) {
    json.begin_array().value(price_text(product, levels[i].price)).value(to_text(levels[i].quantity));
    if (level == 3) {
      const auto price = static_cast<std::uint64_t>(levels[i].price.units());
      json.value(seeded_uuid(kBookOrderNames, static_cast<std::uint64_t>(product.asset), price));
    } else {
      json.value(1);
    }
    json.end_array();
  }
  json.end_array();
}

ServerResponse book(const Call& call, const SpotProduct& product) {
  const std::string text = call.request.parameter("level");
  const auto level = text.empty() ? std::optional<std::int64_t>(1) : parse_decimal(text, 0);
  if (!level || *level < 1 || *level > 3) return problem(400, "Invalid level");
  const SpotBookView view = call.world.spot_book(product);
  const auto sequence = call.books.sequences.find(product.symbol);
  JsonWriter json;
  json.begin_object();
  write_side(json.key("bids"), product, view.bids, *level);
  write_side(json.key("asks"), product, view.asks, *level);
  json.field("sequence", sequence == call.books.sequences.end() ? view.update_id : sequence->second);
  json.field("auction_mode", false).key("auction").null().field("time", iso_us(call.books.at));
  return {.body = json.end_object().take()};
}

ServerResponse candles(const Call& call, const SpotProduct& product) {
  const std::string text = call.request.parameter("granularity");
  const auto granularity = text.empty() ? std::optional<std::int64_t>(60) : parse_decimal(text, 0);
  if (!granularity || std::find(kGranularities.begin(), kGranularities.end(), *granularity) == kGranularities.end()) {
    return problem(400, "Unsupported granularity");
  }
  const std::string start_text = call.request.parameter("start");
  const std::string end_text = call.request.parameter("end");
  auto start = read_instant(start_text);
  auto end = read_instant(end_text);
  if ((!start_text.empty() && !start) || (!end_text.empty() && !end)) return problem(400, "Invalid start or end");
  // Both bounds count, or neither.
  if (!start || !end) start = end = kNoTime;
  const std::chrono::seconds length(*granularity);
  if ((*end - *start) / length > static_cast<std::int64_t>(kMaxCandles)) {
    return problem(400,
                   "granularity too small for the requested time range. Count of aggregations requested exceeds 300");
  }
  JsonWriter json;
  json.begin_array();
  for (const SpotCandle& candle : newest_candles(call.world, product, length, {*start, *end, kMaxCandles})) {
    json.begin_array().value(unix_ms(candle.opens_at) / 1000);
    for (const SpotPrice price : {candle.low, candle.high, candle.open, candle.close})
      json.raw(short_text(price.units()));
    json.raw(short_text(candle.volume.units())).end_array();
  }
  return {.body = json.end_array().take()};
}

ServerResponse ticker(const Call& call, const SpotProduct& product) {
  const Quote quote = quote_of(call.world, product);
  const SpotTradeReport last = last_trade(call.world, product);
  JsonWriter json;
  json.begin_object()
      .field("ask", price_text(product, quote.ask.price))
      .field("bid", price_text(product, quote.bid.price));
  json.field("volume", to_text(quote.day.volume)).field("trade_id", last.trade_id);
  json.field("price", price_text(product, last.price)).field("size", to_text(last.quantity));
  json.field("time", iso_us(last.time)).field("rfq_volume", "0.00000000");
  return {.body = json.end_object().take()};
}

ServerResponse stats(const Call& call, const SpotProduct& product) {
  const SpotDay day = call.world.spot_day(product);
  JsonWriter json;
  json.begin_object().field("open", price_text(product, day.open)).field("high", price_text(product, day.high));
  json.field("low", price_text(product, day.low)).field("last", price_text(product, day.last));
  json.field("volume", to_text(day.volume)).field("volume_30day", to_text(day.volume * 30));
  return {.body = json.end_object().take()};
}

// Newest first; `after` asks for older ones than that trade, `before` for newer ones. Sides are the maker's.
ServerResponse trades(const Call& call, const SpotProduct& product) {
  const auto number = [&](std::string_view name, std::int64_t fallback) {
    return parse_decimal(call.request.parameter(name), 0).value_or(fallback);
  };
  const std::int64_t limit = std::clamp<std::int64_t>(number("limit", kDefaultTrades), 1, kDefaultTrades);
  const std::int64_t before = number("before", 0);
  const std::int64_t after = number("after", std::numeric_limits<std::int64_t>::max());
  std::vector<SpotTradeReport> rows = call.world.spot_trades(product, kMaxTrades);
  std::erase_if(rows, [&](const SpotTradeReport& trade) {
    const auto id = static_cast<std::int64_t>(trade.trade_id);
    return id <= before || id >= after;
  });
  if (rows.size() > static_cast<std::size_t>(limit)) rows.resize(static_cast<std::size_t>(limit));
  JsonWriter json;
  json.begin_array();
  for (const SpotTradeReport& trade : rows) {
    json.begin_object()
        .field("trade_id", trade.trade_id)
        .field("side", trade.taker_side == BookSide::Bid ? "sell" : "buy");
    json.field("size", to_text(trade.quantity)).field("price", price_text(product, trade.price));
    json.field("time", iso_us(trade.time)).end_object();
  }
  ServerResponse response{.body = json.end_array().take()};
  if (rows.empty()) return response;
  response.headers.emplace_back("cb-before", std::to_string(rows.front().trade_id));
  response.headers.emplace_back("cb-after", std::to_string(rows.back().trade_id));
  return response;
}

struct ProductEndpoint {
  std::string_view name;
  ServerResponse (*answer)(const Call&, const SpotProduct&);
};
constexpr std::array<ProductEndpoint, 5> kProductEndpoints = {
    {{"book", book}, {"candles", candles}, {"ticker", ticker}, {"trades", trades}, {"stats", stats}}};

ServerResponse server_time(Timestamp now) {
  JsonWriter json;
  json.begin_object().field("iso", to_iso_ms(now)).key("epoch").raw(format_decimal(unix_ms(now), 3));
  return {.body = json.end_object().take()};
}

// For each product the closes of the last hours: [time, low, high, open, close], newest first.
ServerResponse spark_lines(const Call& call) {
  JsonWriter json;
  json.begin_object();
  for (const SpotProduct* product : call.world.products(Venue::Coinbase)) {
    json.key(product->symbol).begin_array();
    for (const SpotCandle& candle :
         newest_candles(call.world, *product, std::chrono::hours(1), {kNoTime, kNoTime, 24})) {
      json.begin_array().value(unix_ms(candle.opens_at) / 1000);
      for (const SpotPrice price : {candle.low, candle.high, candle.open, candle.close}) {
        json.raw(short_text(price.units()));
      }
      json.end_array();
    }
    json.end_array();
  }
  return {.body = json.end_object().take()};
}

ServerResponse object_or_not_found(std::string text) {
  if (text.empty()) return not_found();
  return {.body = std::move(text)};
}

ServerResponse answer_products(const Call& call) {
  if (call.parts.size() == 1) return {.body = product_list(call.world)};
  if (call.parts.size() == 2 && call.parts[1] == "spark-lines") return spark_lines(call);
  const SpotProduct* product = call.world.find_product(Venue::Coinbase, call.parts[1]);
  if (product == nullptr || call.parts.size() > 3) return not_found();
  if (call.parts.size() == 2) return object_or_not_found(product_object(call.world, call.parts[1]));
  for (const ProductEndpoint& endpoint : kProductEndpoints) {
    if (endpoint.name == call.parts[2]) return endpoint.answer(call, *product);
  }
  return not_found();
}

}  // namespace

ServerResponse Rest::answer(const net::ServerRequest& request, const BookState& books, Timestamp now) const {
  const Call call{world_, request, books, now, parts_of(request.path)};
  if (request.method != "GET") return problem(405, "Method not allowed");
  if (auto brokerage = brokerage_answer(call)) return std::move(*brokerage);
  if (call.parts.empty()) return not_found();
  const std::string_view root = call.parts.front();
  if (root == "products") return answer_products(call);
  if (root == "time" && call.parts.size() == 1) return server_time(now);
  if (root != "currencies" || call.parts.size() > 2) return not_found();
  if (call.parts.size() == 1) return {.body = currency_list(world_)};
  return object_or_not_found(currency_object(world_, call.parts[1]));
}

ServerResponse Rest::refusal(int status) {
  if (status != 429) return problem(status, "ServiceUnavailable");
  return problem(status, "Public rate limit exceeded");
}

std::optional<Timestamp> read_instant(std::string_view text) noexcept {
  if (const auto instant = parse_iso8601(text)) return instant;
  const auto seconds = parse_decimal(text, 0);
  if (!seconds || !fits_unix_s(*seconds)) return std::nullopt;
  return from_unix_s(*seconds);
}

std::vector<SpotCandle> newest_candles(const World& world, const SpotProduct& product, Duration length,
                                       const CandleRange& range) {
  constexpr std::size_t kAllKnown = 100'000;
  std::vector<SpotCandle> candles = world.spot_candles(product, length, kAllKnown);
  std::erase_if(candles, [&](const SpotCandle& candle) {
    const bool is_early = range.start != kNoTime && candle.opens_at < range.start;
    const bool is_late = range.end != kNoTime && candle.opens_at > range.end;
    return candle.volume.is_zero() || is_early || is_late;
  });
  std::reverse(candles.begin(), candles.end());
  if (candles.size() > range.limit) candles.resize(range.limit);
  return candles;
}

}  // namespace arbees::sim::coinbase
