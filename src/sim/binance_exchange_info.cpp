#include "sim/binance_exchange_info.h"

#include <array>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/spot_text.h"

namespace arbees::sim::binance {
namespace {

constexpr std::array<std::string_view, 7> kOrderTypes = {
    "LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"};

constexpr std::string_view kRateLimits =
    R"([{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000},)"
    R"({"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":100},)"
    R"({"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,"limit":200000},)"
    R"({"rateLimitType":"RAW_REQUESTS","interval":"MINUTE","intervalNum":5,"limit":61000}])";

// Filters that are the same for every symbol.
constexpr std::string_view kCommonFilters =
    R"({"filterType":"ICEBERG_PARTS","limit":10},)"
    R"({"filterType":"MARKET_LOT_SIZE","minQty":"0.00000000","maxQty":"100.00000000","stepSize":"0.00000000"},)"
    R"({"filterType":"PERCENT_PRICE_BY_SIDE","bidMultiplierUp":"5","bidMultiplierDown":"0.2","askMultiplierUp":"5",)"
    R"("askMultiplierDown":"0.2","avgPriceMins":5},)"
    R"({"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,"maxNotional":"9000000.00000000",)"
    R"("applyMaxToMarket":false,"avgPriceMins":5},)"
    R"({"filterType":"MAX_NUM_ORDERS","maxNumOrders":200},{"filterType":"MAX_NUM_ALGO_ORDERS","maxNumAlgoOrders":5})";

void write_filters(JsonWriter& json, const SpotProduct& product) {
  json.begin_array();
  json.begin_object().field("filterType", "PRICE_FILTER").field("minPrice", to_text(product.tick));
  json.field("maxPrice", "1000000.00000000").field("tickSize", to_text(product.tick)).end_object();
  json.begin_object().field("filterType", "LOT_SIZE").field("minQty", to_text(product.step));
  json.field("maxQty", "9000.00000000").field("stepSize", to_text(product.step)).end_object();
  json.raw(kCommonFilters);
  json.end_array();
}

void write_symbol(JsonWriter& json, const SpotProduct& product) {
  json.begin_object().field("symbol", product.symbol).field("status", "TRADING");
  json.field("baseAsset", asset_name(product.asset)).field("baseAssetPrecision", 8);
  json.field("quoteAsset", "USDT").field("quotePrecision", 8).field("quoteAssetPrecision", 8);
  json.field("baseCommissionPrecision", 8).field("quoteCommissionPrecision", 8);
  json.key("orderTypes").begin_array();
  for (const std::string_view type : kOrderTypes) json.value(type);
  json.end_array();
  for (const char* flag : {"icebergAllowed", "ocoAllowed", "otoAllowed", "quoteOrderQtyMarketAllowed"})
    json.field(flag, true);
  json.field("allowTrailingStop", true).field("cancelReplaceAllowed", true).field("amendAllowed", true);
  json.field("isSpotTradingAllowed", true).field("isMarginTradingAllowed", false);
  write_filters(json.key("filters"), product);
  json.key("permissions").begin_array().end_array();
  json.key("permissionSets").begin_array().begin_array().value("SPOT").end_array().end_array();
  json.field("defaultSelfTradePreventionMode", "EXPIRE_MAKER");
  json.key("allowedSelfTradePreventionModes").begin_array().value("EXPIRE_TAKER").value("EXPIRE_MAKER").end_array();
  json.end_object();
}

// The names in ["X","Y"].
std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  for (std::size_t open = list.find('"'); open != std::string_view::npos; open = list.find('"', open)) {
    const std::size_t close = list.find('"', open + 1);
    if (close == std::string_view::npos) break;
    names.emplace_back(list.substr(open + 1, close - open - 1));
    open = close + 1;
  }
  return names;
}

}  // namespace

net::ServerResponse error_response(const ApiError& error) {
  JsonWriter json;
  json.begin_object().field("code", error.code).field("msg", error.message);
  return {.status = 400, .body = json.end_object().take()};
}

net::ServerResponse invalid_symbol() { return error_response({-1121, "Invalid symbol."}); }

net::ServerResponse missing_parameter(std::string_view name) {
  return error_response(
      {-1102, "Mandatory parameter '" + std::string(name) + "' was not sent, was empty/null, or malformed."});
}

std::optional<std::vector<const SpotProduct*>> requested_products(const World& world,
                                                                  const net::ServerRequest& request) {
  const std::string one = request.parameter("symbol");
  const std::string list = request.parameter("symbols");
  if (one.empty() && list.empty()) return world.products(Venue::Binance);
  std::vector<const SpotProduct*> products;
  for (const std::string& name : one.empty() ? names_in(list) : std::vector<std::string>{one}) {
    const SpotProduct* product = world.find_product(Venue::Binance, name);
    if (product == nullptr) return std::nullopt;
    products.push_back(product);
  }
  return products;
}

net::ServerResponse exchange_info(const World& world, const net::ServerRequest& request, Timestamp now) {
  const auto products = requested_products(world, request);
  if (!products) return invalid_symbol();
  JsonWriter json;
  json.begin_object().field("timezone", "UTC").field("serverTime", unix_ms(now)).key("rateLimits").raw(kRateLimits);
  json.key("exchangeFilters").begin_array().end_array().key("symbols").begin_array();
  for (const SpotProduct* product : *products) write_symbol(json, *product);
  return {.body = json.end_array().end_object().take()};
}

}  // namespace arbees::sim::binance
