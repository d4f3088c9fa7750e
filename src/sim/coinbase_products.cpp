#include "sim/coinbase_products.h"

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/spot_text.h"

namespace arbees::sim::coinbase {
namespace {

void write_product(JsonWriter& json, const SpotProduct& product) {
  json.begin_object().field("id", product.symbol).field("base_currency", asset_name(product.asset));
  json.field("quote_currency", "USD").field("quote_increment", short_text(product.tick.units()));
  json.field("base_increment", short_text(product.step.units())).field("display_name", product.symbol);
  json.field("min_market_funds", "1").field("margin_enabled", false).field("post_only", false);
  json.field("limit_only", false).field("cancel_only", false).field("status", "online").field("status_message", "");
  json.field("trading_disabled", false).field("fx_stablecoin", false).field("max_slippage_percentage", "0.02000000");
  json.field("auction_mode", false).field("high_bid_limit_percentage", "").end_object();
}

void write_currency(JsonWriter& json, std::string_view id, std::string_view name, bool is_fiat) {
  const std::string_view step = is_fiat ? "0.01" : "0.00000001";
  json.begin_object().field("id", id).field("name", name).field("min_size", step);
  json.field("status", "online").field("message", "").field("max_precision", step);
  json.key("convertible_to").begin_array().end_array();
  json.key("details").begin_object().field("type", is_fiat ? "fiat" : "crypto").key("symbol").null();
  json.field("network_confirmations", is_fiat ? 0 : 3).field("sort_order", 0);
  json.key("push_payment_methods").begin_array().end_array().key("group_types").begin_array().end_array();
  json.key("display_name").null().key("processing_time_seconds").null();
  json.field("min_withdrawal_amount", 0).field("max_withdrawal_amount", 1000).end_object();
  json.field("default_network", "").key("supported_networks").begin_array().end_array().field("display_name", id);
  json.end_object();
}

std::string product_text(const SpotProduct& product) {
  JsonWriter json;
  write_product(json, product);
  return json.take();
}

}  // namespace

std::string_view currency_name(Asset asset) noexcept {
  switch (asset) {
    case Asset::BTC: return "Bitcoin";
    case Asset::ETH: return "Ethereum";
    case Asset::SOL: return "Solana";
    default: return asset_name(asset);
  }
}

std::string product_list(const World& world) {
  JsonWriter json;
  json.begin_array();
  for (const SpotProduct* product : world.products(Venue::Coinbase)) write_product(json, *product);
  return json.end_array().take();
}

std::string currency_list(const World& world) {
  JsonWriter json;
  json.begin_array();
  for (const SpotProduct* product : world.products(Venue::Coinbase)) {
    write_currency(json, asset_name(product->asset), currency_name(product->asset), false);
  }
  write_currency(json, "USD", "United States Dollar", true);
  return json.end_array().take();
}

std::string product_object(const World& world, std::string_view id) {
  const SpotProduct* product = world.find_product(Venue::Coinbase, id);
  return product == nullptr ? std::string() : product_text(*product);
}

std::string currency_object(const World& world, std::string_view id) {
  JsonWriter json;
  if (id == "USD") {
    write_currency(json, "USD", "United States Dollar", true);
    return json.take();
  }
  for (const SpotProduct* product : world.products(Venue::Coinbase)) {
    if (asset_name(product->asset) != id) continue;
    write_currency(json, id, currency_name(product->asset), false);
    return json.take();
  }
  return {};
}

std::string brokerage_product(const World& world, const SpotProduct& product) {
  const SpotDay day = world.spot_day(product);
  const SpotPrice quote_volume = quote_value(day.last, day.volume);
  JsonWriter json;
  json.begin_object().field("product_id", product.symbol).field("price", price_text(product, day.last));
  json.field("price_percentage_change_24h", short_text(change_percent(day.open, day.last).units()));
  json.field("volume_24h", to_text(day.volume)).field("volume_percentage_change_24h", "0");
  json.field("base_increment", short_text(product.step.units()));
  json.field("quote_increment", short_text(product.tick.units()));
  json.field("quote_min_size", "1").field("quote_max_size", "150000000");
  json.field("base_min_size", short_text(product.step.units())).field("base_max_size", "3400");
  json.field("base_name", currency_name(product.asset)).field("quote_name", "US Dollar");
  for (const char* flag : {"watched", "is_disabled", "new"}) json.field(flag, false);
  json.field("status", "online");
  for (const char* flag : {"cancel_only", "limit_only", "post_only", "trading_disabled", "auction_mode", "view_only"}) {
    json.field(flag, false);
  }
  json.field("product_type", "SPOT").field("quote_currency_id", "USD");
  json.field("base_currency_id", asset_name(product.asset)).key("fcm_trading_session_details").null();
  json.field("mid_market_price", "").field("alias", "").key("alias_to").begin_array().end_array();
  json.field("base_display_symbol", asset_name(product.asset)).field("quote_display_symbol", "USD");
  json.field("price_increment", short_text(product.tick.units())).field("display_name", product.symbol);
  json.field("product_venue", "CBE");
  json.field("approximate_quote_24h_volume", format_decimal(quote_volume.units() / 1'000'000, 2));
  return json.end_object().take();
}

}  // namespace arbees::sim::coinbase
