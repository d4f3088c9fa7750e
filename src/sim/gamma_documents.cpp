#include "sim/gamma_documents.h"

#include <cctype>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "core/base/hash.h"
#include "sim/clob_books.h"
#include "sim/clob_listing.h"

namespace arbees::sim {
namespace {

std::string iso_seconds(Timestamp time) { return to_iso_ms(time).substr(0, 19) + "Z"; }

// "2026-07-24 00:15:52+00"
std::string closed_time(Timestamp time) {
  std::string text = to_iso_ms(time).substr(0, 19);
  text[10] = ' ';
  return text + "+00";
}

// ["a", "b"] as the venue spaces it.
std::string list_text(const std::string& first, const std::string& second) {
  return "[\"" + first + "\", \"" + second + "\"]";
}

std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text) result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// Where the deciding price is read.
std::string resolution_source(const Market& market) {
  if (market.source == SettlementSource::ChainlinkTwap60) {
    return "https://data.chain.link/streams/" + lower(asset_name(market.asset)) + "-usd-twap-60s-streams";
  }
  return "https://www.binance.com/en/trade/" + std::string(asset_name(market.asset)) + "_USDT";
}

std::string duration_text(Duration length) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(length).count();
  return minutes % 60 == 0 ? std::to_string(minutes / 60) + "h" : std::to_string(minutes) + "m";
}

bool is_window(const Market& market) noexcept { return market.payoff == Payoff::UpDown; }

void write_prices(JsonWriter& json, const World& world, const Market& market) {
  const Price yes = token_price(world, market, Outcome::Yes);
  json.field("outcomes", list_text(market.yes_sub_title, market.no_sub_title));
  json.field("outcomePrices", list_text(to_short_text(yes), to_short_text(complement(yes))));
  json.field("clobTokenIds", list_text(market.token_ids[0], market.token_ids[1]));
  if (market.is_active()) {
    const Price bid = world.best_bid(market.id);
    const Price ask = world.best_ask(market.id);
    json.key("bestBid").raw(to_short_text(bid)).key("bestAsk").raw(to_short_text(ask));
    json.key("spread").raw(to_short_text(ask - bid));
  }
  if (!market.last_price.is_zero()) json.key("lastTradePrice").raw(to_short_text(market.last_price));
  json.field("volume", to_short_text(market.volume)).key("volumeNum").raw(to_short_text(market.volume));
}

void write_times(JsonWriter& json, const Market& market) {
  json.field("startDate", to_iso_ms(market.created_at)).field("endDate", iso_seconds(market.closes_at));
  json.field("startDateIso", to_iso_ms(market.created_at).substr(0, 10));
  json.field("endDateIso", to_iso_ms(market.closes_at).substr(0, 10));
  json.field("createdAt", to_iso_ms(market.created_at)).field("updatedAt", to_iso_ms(market.updated_at));
  json.field("acceptingOrdersTimestamp", iso_seconds(market.created_at));
  if (is_window(market)) json.field("eventStartTime", iso_seconds(market.opens_at));
  if (is_closed(market) && market.determined_at != kNoTime) {
    json.field("closedTime", closed_time(market.determined_at)).field("umaEndDate", iso_seconds(market.determined_at));
    json.field("umaResolutionStatus", "resolved").field("automaticallyResolved", true);
  }
}

void write_flags(JsonWriter& json, const Market& market) {
  json.field("active", true).field("closed", is_closed(market)).field("archived", false);
  json.field("acceptingOrders", market.is_active()).field("enableOrderBook", true).field("restricted", true);
  json.field("new", false).field("featured", false).field("approved", true).field("ready", false);
  json.field("funded", false).field("cyom", false).field("automaticallyActive", true);
  json.field("clearBookOnStart", false).field("manualActivation", false).field("negRiskOther", false);
  json.field("umaResolutionStatuses", "[]").field("pendingDeployment", false).field("deploying", false);
  json.field("rfqEnabled", false).field("holdingRewardsEnabled", false).field("requiresTranslation", false);
  json.field("marketMakerAddress", "").field("groupItemThreshold", "0").field("hasReviewedDates", true);
}

void write_terms(JsonWriter& json, const Market& market) {
  json.key("orderPriceMinTickSize").raw(tick_text(market));
  json.key("orderMinSize").raw(to_short_text(market.minimum_order));
  json.field("negRisk", market.neg_risk).field("version", "v1");
  json.field("makerBaseFee", 1000).field("takerBaseFee", 1000).field("makerRebatesFeeShareBps", 10000);
  json.field("rewardsMinSize", 50).field("rewardsMaxSpread", 4.5);
  json.field("feesEnabled", true).field("feeType", "crypto_fees_v2");
  json.key("feeSchedule").begin_object().field("exponent", static_cast<int>(market.fees.exponent));
  json.key("rate").raw(fee_rate_text(market)).field("takerOnly", true).field("rebateRate", 0.2).end_object();
  if (market.source != SettlementSource::ChainlinkTwap60) return;
  const std::string asset = lower(asset_name(market.asset));
  const std::string duration = duration_text(market.closes_at - market.opens_at);
  const std::string id = asset + "-" + duration + "-twap-60";
  json.field("cryptoMarketConfigId", id).key("cryptoMarketConfig").begin_object().field("id", id);
  json.field("asset", asset).field("duration", duration).field("twapEnabled", true);
  json.field("twapLookbackSeconds", 60).end_object();
}

void write_series(JsonWriter& json, const Event& event) {
  if (event.series.empty()) return;
  json.key("series").begin_array().raw(gamma_series(event)).end_array().field("seriesSlug", event.series);
}

// What the window is measured against, and the end once it is known.
void write_metadata(JsonWriter& json, const World& world, const Event& event) {
  if (event.markets.empty()) return;
  const Market& market = world.market(event.markets.front());
  if (!is_window(market) || !market.has_lower) return;
  json.key("eventMetadata").begin_object().key("priceToBeat").raw(to_short_text(market.lower));
  if (market.has_result) json.key("finalPrice").raw(to_short_text(market.settled_value));
  json.end_object();
}

}  // namespace

bool is_closed(const Market& market) noexcept {
  return market.phase == ContractPhase::Determined || market.phase == ContractPhase::Settled;
}

bool is_closed(const World& world, const Event& event) noexcept {
  for (const MarketId id : event.markets) {
    if (!is_closed(world.market(id))) return false;
  }
  return true;
}

std::string gamma_series_id(const std::string& slug) {
  return slug.empty() ? std::string() : std::to_string(10'000 + hash64(slug, 0) % 90'000);
}

std::string gamma_series(const Event& event) {
  JsonWriter json;
  json.begin_object().field("id", gamma_series_id(event.series)).field("ticker", event.series);
  json.field("slug", event.series).field("title", event.series).field("seriesType", "single");
  json.field("recurrence", "daily").field("active", true).field("closed", false).field("archived", false);
  json.end_object();
  return json.take();
}

std::string gamma_market(const World& world, const Market& market, bool with_events) {
  const Event& event = world.event(market.event);
  JsonWriter json;
  json.begin_object().field("id", market.gamma_id).field("question", market.title);
  json.field("conditionId", market.condition_id).field("questionID", market.question_id);
  json.field("slug", market.ticker).field("description", market.rules_primary);
  json.field("resolutionSource", resolution_source(market));
  if (!market.group_title.empty()) json.field("groupItemTitle", market.group_title);
  if (!event.neg_risk_id.empty()) json.field("negRiskMarketID", event.neg_risk_id);
  write_times(json, market);
  write_prices(json, world, market);
  write_flags(json, market);
  write_terms(json, market);
  if (with_events) json.key("events").begin_array().raw(gamma_event(world, event, false)).end_array();
  json.end_object();
  return json.take();
}

std::string gamma_event(const World& world, const Event& event, bool with_markets) {
  JsonWriter json;
  json.begin_object().field("id", event.gamma_id).field("ticker", event.ticker).field("slug", event.ticker);
  json.field("title", event.title);
  if (!event.markets.empty()) {
    const Market& first = world.market(event.markets.front());
    json.field("description", first.rules_primary).field("resolutionSource", resolution_source(first));
  }
  json.field("startDate", to_iso_ms(event.created_at)).field("creationDate", to_iso_ms(event.created_at));
  json.field("endDate", iso_seconds(event.ends_at)).field("startTime", iso_seconds(event.starts_at));
  json.field("active", true).field("closed", is_closed(world, event)).field("archived", false);
  json.field("new", false).field("featured", false).field("restricted", true).field("enableOrderBook", true);
  json.field("negRisk", event.neg_risk).field("enableNegRisk", event.neg_risk).field("negRiskAugmented", false);
  if (!event.neg_risk_id.empty()) json.field("negRiskMarketID", event.neg_risk_id);
  json.field("automaticallyActive", true).field("showAllOutcomes", true);
  write_metadata(json, world, event);
  write_series(json, event);
  json.key("tags").begin_array();
  json.begin_object().field("id", "21").field("label", "Crypto").field("slug", "crypto").end_object();
  json.begin_object().field("id", "1312").field("label", "Crypto Prices").field("slug", "crypto-prices").end_object();
  json.end_array();
  if (with_markets) {
    json.key("markets").begin_array();
    for (const MarketId id : event.markets) json.raw(gamma_market(world, world.market(id), false));
    json.end_array();
  }
  json.end_object();
  return json.take();
}

}  // namespace arbees::sim
