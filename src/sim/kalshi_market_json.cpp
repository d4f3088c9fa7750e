#include "sim/kalshi_market_json.h"

#include <array>
#include <utility>
#include <vector>

#include "adapters/telemetry/format.h"

namespace arbees::sim {
namespace {

// How long after the close a market is expected to have expired, and has to have.
constexpr Duration kExpectedExpiry = std::chrono::minutes(5);
constexpr Duration kLatestExpiry = std::chrono::hours(24 * 7);

void write_quote(JsonWriter& json, const World& world, const Market& market) {
  const std::vector<BookLevel> bids = world.levels(market.id, BookSide::Bid);
  const std::vector<BookLevel> asks = world.levels(market.id, BookSide::Ask);
  const Price bid = bids.empty() ? kPriceZero : bids.front().price;
  const Price ask = asks.empty() ? kPriceOne : asks.front().price;
  json.field("yes_bid_dollars", to_text(bid));
  json.field("yes_ask_dollars", to_text(ask));
  json.field("no_bid_dollars", to_text(complement(ask)));
  json.field("no_ask_dollars", to_text(complement(bid)));
  json.field("yes_bid_size_fp", to_text(bids.empty() ? Quantity{} : bids.front().quantity));
  json.field("yes_ask_size_fp", to_text(asks.empty() ? Quantity{} : asks.front().quantity));
}

std::string_view result_name(const Market& market) noexcept {
  if (!market.has_result) return "";
  if (market.payout == kPriceOne) return "yes";
  return market.payout == kPriceZero ? "no" : "scalar";
}

void write_outcome(JsonWriter& json, const KalshiShared& shared, const Market& market) {
  json.field("result", result_name(market));
  if (!market.has_result) {
    json.field("expiration_value", "");
    return;
  }
  const std::int64_t unit = power_of_ten(SpotPrice::kDecimals - market.value_decimals);
  json.field("expiration_value", format_decimal(market.settled_value.units() / unit, market.value_decimals));
  json.field("settlement_value_dollars", to_text(market.payout));
  if (market.settled_at != kNoTime) json.field("settlement_ts", shared.stated_text(market.settled_at));
}

void write_settlement_sources(JsonWriter& json) {
  json.key("settlement_sources").begin_array().begin_object().field("name", "CF Benchmarks");
  json.field("url", "https://www.cfbenchmarks.com/data/indices").end_object().end_array();
}

bool is_quarter_hourly(std::string_view series) noexcept { return series.ends_with("15M"); }

}  // namespace

std::string_view kalshi_status(ContractPhase phase) noexcept {
  switch (phase) {
    case ContractPhase::Initialized: return "initialized";
    case ContractPhase::Active: return "active";
    case ContractPhase::Paused: return "inactive";
    case ContractPhase::Closed: return "closed";
    case ContractPhase::Determined: return "determined";
    case ContractPhase::Settled: return "finalized";
    case ContractPhase::Unknown: break;
  }
  return "initialized";
}

bool matches_status_filter(std::string_view filter, ContractPhase phase) noexcept {
  if (filter == "unopened") return phase == ContractPhase::Initialized;
  if (filter == "open") return phase == ContractPhase::Active;
  if (filter == "paused") return phase == ContractPhase::Paused;
  if (filter == "closed") return phase == ContractPhase::Closed || phase == ContractPhase::Determined;
  return filter == "settled" && phase == ContractPhase::Settled;
}

bool is_status_filter(std::string_view filter) noexcept {
  return filter == "unopened" || filter == "open" || filter == "paused" || filter == "closed" || filter == "settled";
}

std::string_view kalshi_strike_type(const Market& market) noexcept {
  if (market.payoff == Payoff::Range) return "between";
  switch (market.comparator) {
    case Comparator::Greater: return "greater";
    case Comparator::Less: return "less";
    case Comparator::LessOrEqual: return "less_or_equal";
    case Comparator::GreaterOrEqual:
    case Comparator::Unknown: break;
  }
  return "greater_or_equal";
}

void write_strikes(JsonWriter& json, const Market& market) {
  json.field("strike_type", kalshi_strike_type(market));
  const bool is_below = market.payoff != Payoff::Range &&
                        (market.comparator == Comparator::Less || market.comparator == Comparator::LessOrEqual);
  if (market.has_lower) json.key(is_below ? "cap_strike" : "floor_strike").raw(to_short_text(market.lower));
  if (market.has_upper && !(is_below && market.has_lower)) json.key("cap_strike").raw(to_short_text(market.upper));
}

void write_grid(JsonWriter& json, const Market& market) {
  json.field("price_level_structure", market.structure);
  json.key("price_ranges").begin_array();
  const auto& bands = market.grid.bands;
  for (std::size_t i = 0; i < bands.size() && bands[i].step != 0; ++i) {
    const bool is_last = i + 1 == bands.size() || bands[i + 1].step == 0;
    json.begin_object().field("start", format_decimal(bands[i].from, Price::kDecimals));
    json.field("end", is_last ? to_text(kPriceOne) : format_decimal(bands[i + 1].from, Price::kDecimals));
    json.field("step", format_decimal(bands[i].step, Price::kDecimals)).end_object();
  }
  json.end_array();
}

void write_market(JsonWriter& json, const KalshiShared& shared, const Market& market) {
  const World& world = shared.context.world;
  json.begin_object();
  json.field("ticker", market.ticker).field("event_ticker", world.event(market.event).ticker);
  json.field("market_type", "binary").field("title", market.title).field("subtitle", "");
  json.field("yes_sub_title", market.yes_sub_title).field("no_sub_title", market.no_sub_title);
  json.field("created_time", kalshi_time(market.created_at));
  json.field("updated_time", kalshi_time(market.updated_at == kNoTime ? market.created_at : market.updated_at));
  json.field("open_time", kalshi_time(market.opens_at)).field("close_time", kalshi_time(market.closes_at));
  json.field("expected_expiration_time", kalshi_time(market.closes_at + kExpectedExpiry));
  json.field("expiration_time", kalshi_time(market.closes_at + kLatestExpiry));
  json.field("latest_expiration_time", kalshi_time(market.closes_at + kLatestExpiry));
  json.field("occurrence_datetime", kalshi_time(market.closes_at));
  json.field("settlement_timer_seconds", 1).field("status", kalshi_status(market.phase));
  write_quote(json, world, market);
  json.field("last_price_dollars", to_text(market.last_price));
  json.field("previous_yes_bid_dollars", "0.0000").field("previous_yes_ask_dollars", "0.0000");
  json.field("previous_price_dollars", "0.0000");
  json.field("volume_fp", to_text(market.volume)).field("volume_24h_fp", to_text(market.volume));
  json.field("open_interest_fp", to_text(market.open_interest)).field("notional_value_dollars", "1.0000");
  write_outcome(json, shared, market);
  json.field("can_close_early", false);
  write_strikes(json, market);
  json.field("rules_primary", market.rules_primary).field("rules_secondary", market.rules_secondary);
  write_grid(json, market);
  json.field("settlement_bounds_type", "default").field("exchange_index", market.exchange_index);
  json.end_object();
}

void write_event(JsonWriter& json, const KalshiShared& shared, const Event& event, bool with_markets) {
  const World& world = shared.context.world;
  json.begin_object();
  json.field("event_ticker", event.ticker).field("series_ticker", event.series);
  json.field("title", event.title).field("sub_title", kalshi_time(event.ends_at)).field("category", "Crypto");
  // Nothing is netted between markets here: every position is backed by its own collateral.
  json.field("collateral_return_type", "").field("mutually_exclusive", event.mutually_exclusive);
  json.field("strike_date", kalshi_time(event.ends_at));
  json.key("product_metadata").begin_object().end_object();
  write_settlement_sources(json);
  json.field("last_updated_ts", kalshi_time(event.created_at)).field("exchange_index", kCryptoShard);
  if (with_markets) {
    json.key("markets").begin_array();
    for (const MarketId id : event.markets) write_market(json, shared, world.market(id));
    json.end_array();
  }
  json.end_object();
}

void write_series(JsonWriter& json, const KalshiShared& shared, const Event& event) {
  const World& world = shared.context.world;
  FeeSchedule fees;
  if (!event.markets.empty()) fees = world.market(event.markets.front()).fees;
  const std::string asset(asset_name(event.asset));
  const bool is_quarter = is_quarter_hourly(event.series);
  json.begin_object();
  json.field("ticker", event.series).field("frequency", is_quarter ? "fifteen_min" : "hourly");
  json.field("title", asset + (is_quarter ? " price up in the next 15 minutes" : " price at a full hour"));
  json.field("category", "Crypto").key("categories").begin_array().value("Crypto").end_array();
  json.key("tags").begin_array().value(asset).end_array();
  write_settlement_sources(json);
  json.field("contract_url", "").field("contract_terms_url", "");
  json.field("fee_type", fees.maker_rate == 0 ? "quadratic" : "quadratic_with_maker_fees");
  json.key("fee_multiplier").raw(format_decimal_short(fees.multiplier, 4));
  json.key("additional_prohibitions").begin_array().end_array();
  json.field("last_updated_ts", kalshi_time(world.settings().starts_at)).field("exchange_index", kCryptoShard);
  json.end_object();
}

void write_levels(JsonWriter& json, const std::vector<BookLevel>& levels, BookSide side, bool yes_prices) {
  const bool flips = side == BookSide::Ask && !yes_prices;
  // Best first means: bids fall, asks rise, and asks in No prices fall.
  const bool rises = side == BookSide::Ask && yes_prices;
  json.begin_array();
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const BookLevel& level = levels[rises ? i : levels.size() - 1 - i];
    json.begin_array().value(to_text(flips ? complement(level.price) : level.price));
    json.value(to_text(level.quantity)).end_array();
  }
  json.end_array();
}

}  // namespace arbees::sim
