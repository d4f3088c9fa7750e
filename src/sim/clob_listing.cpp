#include "sim/clob_listing.h"

#include <algorithm>

#include "adapters/telemetry/format.h"
#include "adapters/venue/encoding.h"
#include "sim/clob_books.h"

namespace arbees::sim {
namespace {

constexpr Outcome kOutcomes[] = {Outcome::Yes, Outcome::No};

std::string iso_seconds(Timestamp time) { return to_iso_ms(time).substr(0, 19) + "Z"; }

void write_tokens(JsonWriter& json, const World& world, const Market& market) {
  json.key("tokens").begin_array();
  for (const Outcome outcome : kOutcomes) {
    const Price price = token_price(world, market, outcome);
    json.begin_object().field("token_id", token_of(market, outcome)).field("outcome", outcome_name(market, outcome));
    json.key("price").raw(to_short_text(price));
    json.field("winner", market.has_result && price == kPriceOne).end_object();
  }
  json.end_array();
}

void write_state(JsonWriter& json, const Market& market) {
  const bool is_over = market.phase == ContractPhase::Closed || market.phase == ContractPhase::Determined ||
                       market.phase == ContractPhase::Settled;
  json.field("active", true).field("closed", is_over).field("archived", false);
  json.field("accepting_orders", market.is_active());
}

std::string decoded_cursor(std::string_view cursor) {
  const auto bytes = from_base64(cursor);
  return bytes ? std::string(bytes->begin(), bytes->end()) : std::string();
}

std::string encoded_cursor(std::string_view position) {
  return to_base64({reinterpret_cast<const std::uint8_t*>(position.data()), position.size()}, Base64Alphabet::Standard);
}

}  // namespace

Price token_price(const World& world, const Market& market, Outcome outcome) {
  Price yes = market.payout;
  if (!market.has_result) {
    yes = Price::from_units((world.best_bid(market.id).units() + world.best_ask(market.id).units()) / 2);
  }
  return outcome == Outcome::Yes ? yes : complement(yes);
}

std::string fee_rate_text(const Market& market) { return format_decimal_short(market.fees.taker_rate, 6); }

std::string clob_market_info(const Market& market) {
  JsonWriter json;
  json.begin_object().field("c", market.condition_id).field("v", "v1");
  json.key("t").begin_array();
  for (const Outcome outcome : kOutcomes) {
    json.begin_object().field("t", token_of(market, outcome)).field("o", outcome_name(market, outcome)).end_object();
  }
  json.end_array();
  json.key("mts").raw(tick_text(market)).key("mos").raw(to_short_text(market.minimum_order));
  json.field("nr", market.neg_risk);
  json.key("fd").begin_object().key("r").raw(fee_rate_text(market));
  json.field("e", static_cast<int>(market.fees.exponent)).field("to", true).end_object();
  json.field("mbf", 1000).field("tbf", 1000).key("r").null();
  json.field("ao", market.is_active()).field("aot", iso_seconds(market.created_at)).field("cbos", false);
  if (has_taker_delay(market)) json.field("itode", true);
  json.end_object();
  return json.take();
}

std::string clob_market(const World& world, const Market& market) {
  const Event& event = world.event(market.event);
  JsonWriter json;
  json.begin_object().field("enable_order_book", true);
  write_state(json, market);
  json.field("accepting_order_timestamp", iso_seconds(market.created_at));
  json.key("minimum_order_size").raw(to_short_text(market.minimum_order));
  json.key("minimum_tick_size").raw(tick_text(market));
  json.field("condition_id", market.condition_id).field("question_id", market.question_id);
  json.field("question", market.title).field("description", market.rules_primary).field("market_slug", market.ticker);
  json.field("end_date_iso", iso_seconds(market.closes_at)).key("game_start_time").null();
  json.field("seconds_delay", 0).field("fpmm", "").field("maker_base_fee", 1000).field("taker_base_fee", 1000);
  json.field("notifications_enabled", true).field("neg_risk", market.neg_risk);
  json.field("neg_risk_market_id", event.neg_risk_id).field("neg_risk_request_id", "");
  json.field("icon", "").field("image", "").field("is_50_50_outcome", false);
  json.key("rewards").begin_object().key("rates").null().field("min_size", 50).field("max_spread", 4.5).end_object();
  write_tokens(json, world, market);
  json.key("tags").begin_array().value("Crypto").value("Crypto Prices").end_array();
  json.end_object();
  return json.take();
}

std::string clob_simplified_market(const World& world, const Market& market) {
  JsonWriter json;
  json.begin_object().field("condition_id", market.condition_id);
  json.key("rewards").begin_object().key("rates").null().field("min_size", 50).field("max_spread", 4.5).end_object();
  write_tokens(json, world, market);
  write_state(json, market);
  json.end_object();
  return json.take();
}

std::string clob_market_of_token(const Market& market) {
  const std::string& yes = market.token_ids[0];
  const std::string& no = market.token_ids[1];
  const bool yes_is_smaller = yes.size() != no.size() ? yes.size() < no.size() : yes < no;
  JsonWriter json;
  json.begin_object().field("condition_id", market.condition_id);
  json.field("primary_token_id", yes_is_smaller ? yes : no).field("secondary_token_id", yes_is_smaller ? no : yes);
  json.end_object();
  return json.take();
}

std::string new_market_event(const World& world, const Market& market, std::string_view timestamp) {
  const Event& event = world.event(market.event);
  const auto write_ids = [&](JsonWriter& json, std::string_view key) {
    json.key(key).begin_array().value(market.token_ids[0]).value(market.token_ids[1]).end_array();
  };
  JsonWriter json;
  json.begin_object().field("id", market.gamma_id).field("question", market.title);
  json.field("market", market.condition_id).field("slug", market.ticker).field("description", market.rules_primary);
  write_ids(json, "assets_ids");
  json.key("outcomes").begin_array().value(market.yes_sub_title).value(market.no_sub_title).end_array();
  json.key("event_message").begin_object().field("id", event.gamma_id).field("ticker", event.ticker);
  json.field("slug", event.ticker).field("title", event.title).field("description", market.rules_primary).end_object();
  json.field("timestamp", timestamp).field("event_type", "new_market");
  json.key("tags").begin_array().end_array();
  json.field("condition_id", market.condition_id).field("active", true);
  write_ids(json, "clob_token_ids");
  json.field("sports_market_type", "").field("line", "").field("game_start_time", "");
  json.field("order_price_min_tick_size", tick_text(market)).field("group_item_title", market.group_title);
  json.field("taker_base_fee", "1000").field("fees_enabled", true);
  json.key("fee_schedule").begin_object().field("exponent", std::to_string(market.fees.exponent));
  json.field("rate", fee_rate_text(market)).field("taker_only", true).field("rebate_rate", "0.2").end_object();
  json.end_object();
  return json.take();
}

std::string market_resolved_event(const Market& market, std::string_view timestamp) {
  const Outcome winner = market.payout == kPriceOne ? Outcome::Yes : Outcome::No;
  JsonWriter json;
  json.begin_object().field("event_type", "market_resolved").field("id", market.gamma_id);
  json.field("market", market.condition_id);
  json.key("assets_ids").begin_array().value(market.token_ids[0]).value(market.token_ids[1]).end_array();
  json.field("winning_asset_id", token_of(market, winner)).field("winning_outcome", outcome_name(market, winner));
  json.field("timestamp", timestamp).key("tags").begin_array().value("crypto").end_array().end_object();
  return json.take();
}

std::vector<const Market*> clob_markets(const World& world) {
  std::vector<const Market*> markets;
  for (std::size_t i = 0; i < world.market_count(); ++i) {
    const Market& market = world.market(static_cast<MarketId>(i));
    if (market.venue == Venue::Polymarket) markets.push_back(&market);
  }
  return markets;
}

std::string clob_page(const std::vector<std::string>& items, std::string_view cursor, std::size_t limit) {
  const std::int64_t asked = parse_decimal(decoded_cursor(cursor), 0).value_or(0);
  // "-1" is the cursor behind the last page: nothing follows it.
  const std::size_t first = asked < 0 ? items.size() : std::min(static_cast<std::size_t>(asked), items.size());
  const std::size_t last = std::min(first + limit, items.size());
  JsonWriter json;
  json.begin_object().field("limit", static_cast<std::uint64_t>(limit));
  json.field("count", static_cast<std::uint64_t>(last - first));
  json.field("next_cursor", encoded_cursor(last < items.size() ? std::to_string(last) : "-1"));
  json.key("data").begin_array();
  for (std::size_t i = first; i < last; ++i) json.raw(items[i]);
  json.end_array().end_object();
  return json.take();
}

}  // namespace arbees::sim
