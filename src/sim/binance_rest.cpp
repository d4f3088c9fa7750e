#include "sim/binance_rest.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/binance_exchange_info.h"
#include "sim/binance_intervals.h"
#include "sim/binance_messages.h"
#include "sim/binance_tickers.h"
#include "sim/spot_text.h"

namespace arbees::sim::binance {
namespace {

using net::ServerRequest;
using net::ServerResponse;

constexpr std::int64_t kMaxDepth = 5000;
constexpr std::int64_t kDefaultDepth = 100;
constexpr std::int64_t kMaxRows = 1000;
constexpr std::int64_t kDefaultRows = 500;

// One request while it is answered.
struct Call {
  const World& world;
  const ServerRequest& request;
  Timestamp now = kNoTime;
};

// An integer parameter: the default if absent, none if it is no number within the range.
std::optional<std::int64_t> number(const Call& call, std::string_view name, std::int64_t fallback, std::int64_t least) {
  const std::string text = call.request.parameter(name);
  if (text.empty()) return fallback;
  const auto value = parse_decimal(text, 0);
  if (!value || *value < least) return std::nullopt;
  return value;
}

ServerResponse illegal(std::string_view name) {
  return error_response({-1100, "Illegal characters found in parameter '" + std::string(name) + "'."});
}

ServerResponse depth(const Call& call, const SpotProduct& product) {
  const auto limit = number(call, "limit", kDefaultDepth, 1);
  if (!limit) return illegal("limit");
  const auto levels = static_cast<std::size_t>(std::min(*limit, kMaxDepth));
  return {.body = depth_snapshot(call.world.spot_book(product), levels)};
}

// Whether the trades are told as aggregates.
enum class TradeForm : std::uint8_t { Trades, Aggregates };

void write_trade(JsonWriter& json, const SpotTradeReport& trade, TradeForm form) {
  const bool buyer_rested = trade.taker_side == BookSide::Ask;
  json.begin_object();
  if (form == TradeForm::Aggregates) {
    json.field("a", trade.trade_id).field("p", to_text(trade.price)).field("q", to_text(trade.quantity));
    json.field("f", trade.trade_id).field("l", trade.trade_id).field("T", unix_ms(trade.time));
    json.field("m", buyer_rested).field("M", true);
  } else {
    json.field("id", trade.trade_id).field("price", to_text(trade.price)).field("qty", to_text(trade.quantity));
    json.field("quoteQty", to_text(quote_value(trade.price, trade.quantity))).field("time", unix_ms(trade.time));
    json.field("isBuyerMaker", buyer_rested).field("isBestMatch", true);
  }
  json.end_object();
}

// Oldest first.
ServerResponse trades(const Call& call, const SpotProduct& product, TradeForm form) {
  const auto limit = number(call, "limit", kDefaultRows, 1);
  const auto from = number(call, "fromId", -1, 0);
  const auto start = number(call, "startTime", 0, 0);
  const auto end = number(call, "endTime", std::numeric_limits<std::int64_t>::max(), 0);
  if (!limit || !from || !start || !end) return illegal("limit");
  std::vector<SpotTradeReport> rows = call.world.spot_trades(product, static_cast<std::size_t>(kMaxRows));
  std::reverse(rows.begin(), rows.end());
  std::erase_if(rows, [&](const SpotTradeReport& trade) {
    return static_cast<std::int64_t>(trade.trade_id) < *from || unix_ms(trade.time) < *start ||
           unix_ms(trade.time) > *end;
  });
  // From an id or a time on the first rows are meant, otherwise the last ones.
  const auto count = std::min(rows.size(), static_cast<std::size_t>(std::min(*limit, kMaxRows)));
  const bool takes_first = *from >= 0 || *start > 0;
  const std::size_t begin = takes_first ? 0 : rows.size() - count;
  JsonWriter json;
  json.begin_array();
  for (std::size_t i = begin; i < begin + count; ++i) write_trade(json, rows[i], form);
  return {.body = json.end_array().take()};
}

ServerResponse klines(const Call& call, const SpotProduct& product) {
  const std::string name = call.request.parameter("interval");
  if (name.empty()) return missing_parameter("interval");
  const auto interval = find_interval(name);
  if (!interval) return error_response({-1120, "Invalid interval."});
  const auto limit = number(call, "limit", kDefaultRows, 1);
  const auto start = number(call, "startTime", 0, 0);
  const auto end = number(call, "endTime", std::numeric_limits<std::int64_t>::max(), 0);
  if (!limit || !start || !end) return illegal("limit");

  constexpr std::size_t kAllKnown = 100'000;
  std::vector<SpotCandle> candles = call.world.spot_candles(product, interval->length, kAllKnown);
  std::erase_if(candles, [&](const SpotCandle& candle) {
    return unix_ms(candle.opens_at) < *start || unix_ms(candle.opens_at) > *end;
  });
  const auto count = std::min(candles.size(), static_cast<std::size_t>(std::min(*limit, kMaxRows)));
  const std::size_t begin = *start > 0 ? 0 : candles.size() - count;
  JsonWriter json;
  json.begin_array();
  for (std::size_t i = begin; i < begin + count; ++i) {
    json.raw(kline_row({candles[i], interval->name, interval->length, true}));
  }
  return {.body = json.end_array().take()};
}

ServerResponse average_price(const Call& call, const SpotProduct& product) {
  JsonWriter json;
  json.begin_object().field("mins", 5).field("price", to_text(call.world.spot_day(product).last));
  return {.body = json.field("closeTime", unix_ms(call.now)).end_object().take()};
}

ServerResponse trade_list(const Call& call, const SpotProduct& product) {
  return trades(call, product, TradeForm::Trades);
}
ServerResponse aggregate_list(const Call& call, const SpotProduct& product) {
  return trades(call, product, TradeForm::Aggregates);
}

// What asks for one symbol.
struct SymbolEndpoint {
  std::string_view path;
  ServerResponse (*answer)(const Call&, const SpotProduct&);
};
constexpr std::array<SymbolEndpoint, 7> kSymbolEndpoints = {{{"/api/v3/depth", depth},
                                                             {"/api/v3/trades", trade_list},
                                                             {"/api/v3/historicalTrades", trade_list},
                                                             {"/api/v3/aggTrades", aggregate_list},
                                                             {"/api/v3/klines", klines},
                                                             {"/api/v3/uiKlines", klines},
                                                             {"/api/v3/avgPrice", average_price}}};

ServerResponse server_time(Timestamp now) {
  JsonWriter json;
  return {.body = json.begin_object().field("serverTime", unix_ms(now)).end_object().take()};
}

// Futures are other venues; clients that list everything find none there.
ServerResponse no_futures(Timestamp now) {
  JsonWriter json;
  json.begin_object().field("timezone", "UTC").field("serverTime", unix_ms(now));
  json.key("rateLimits").begin_array().end_array().key("exchangeFilters").begin_array().end_array();
  return {.body = json.key("symbols").begin_array().end_array().end_object().take()};
}

ServerResponse route(const Call& call) {
  const std::string_view path = call.request.path;
  if (call.request.method != "GET") return {.status = 405, .body = "{}"};
  if (path == "/api/v3/ping") return {.body = "{}"};
  if (path == "/api/v3/time") return server_time(call.now);
  if (path == "/api/v3/exchangeInfo") return exchange_info(call.world, call.request, call.now);
  if (path == "/fapi/v1/exchangeInfo" || path == "/dapi/v1/exchangeInfo") return no_futures(call.now);
  if (const auto tickers = ticker_response(call.world, call.request, call.now)) return *tickers;
  for (const SymbolEndpoint& endpoint : kSymbolEndpoints) {
    if (endpoint.path != path) continue;
    const std::string symbol = call.request.parameter("symbol");
    if (symbol.empty()) return missing_parameter("symbol");
    const SpotProduct* product = call.world.find_product(Venue::Binance, symbol);
    return product == nullptr ? invalid_symbol() : endpoint.answer(call, *product);
  }
  return {.status = 404, .body = R"({"code":-1000,"msg":"Not found."})"};
}

std::int64_t weight_of(const ServerRequest& request) {
  if (request.path == "/api/v3/exchangeInfo") return 20;
  if (request.path.ends_with("rades")) return 25;
  if (request.path != "/api/v3/depth") return 2;
  const auto limit = parse_decimal(request.parameter("limit"), 0).value_or(kDefaultDepth);
  if (limit <= 100) return 5;
  if (limit <= 500) return 25;
  return limit <= 1000 ? 50 : 250;
}

}  // namespace

ServerResponse Rest::answer(const ServerRequest& request, Timestamp now) {
  ServerResponse response = route({world_, request, now});
  const std::string used = std::to_string(used_weight(weight_of(request), now));
  response.headers.emplace_back("X-MBX-USED-WEIGHT", used);
  response.headers.emplace_back("X-MBX-USED-WEIGHT-1M", used);
  return response;
}

ServerResponse Rest::refusal(int status) {
  if (status != 429)
    return {.status = status,
            .body = R"({"code":-1000,"msg":"An unknown error occurred while processing the request."})"};
  ServerResponse response =
      error_response({-1003, "Too much request weight used; current limit is 6000 request weight per 1 MINUTE."});
  response.status = status;
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::int64_t Rest::used_weight(std::int64_t weight, Timestamp now) noexcept {
  const std::int64_t minute = now.time_since_epoch() / std::chrono::minutes(1);
  if (minute != minute_) weight_ = 0;
  minute_ = minute;
  weight_ += weight;
  return weight_;
}

}  // namespace arbees::sim::binance
