#include "sim/kalshi_messages.h"

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/kalshi_market_json.h"
#include "sim/kalshi_portfolio.h"

namespace arbees::sim {
namespace {

std::string signed_count(std::int64_t units) { return format_decimal(units, Quantity::kDecimals); }

// The venue's words; nothing for what has none there (the user's own cancel, the rest of an immediate order).
std::string_view update_reason(const Order& order) noexcept {
  switch (order.reason) {
    case CancelReason::SelfTrade: return "SelfTradeCancel";
    case CancelReason::Expiry: return "ExpiryCancel";
    case CancelReason::MarketClosed: return "CloseCancel";
    case CancelReason::PostOnlyCross: return "PostOnlyCrossCancel";
    case CancelReason::ReduceOnly: return "ReduceOnlyCancel";
    case CancelReason::Amend: return "Amend";
    case CancelReason::None: return order.filled.is_positive() ? "Trade" : "";
    case CancelReason::ByUser:
    case CancelReason::OffGrid:
    case CancelReason::ImmediateOrCancel: break;
  }
  return "";
}

void begin_market(JsonWriter& json, const KalshiShared& shared, const Market& market) {
  json.begin_object().field("market_ticker", market.ticker).field("market_id", shared.market_uuid(market.id));
}

void write_side(JsonWriter& json, const World& world, MarketId market, BookSide side, bool yes_prices) {
  const std::vector<BookLevel> levels = world.levels(market, side);
  if (levels.empty()) return;
  json.key(side == BookSide::Bid ? "yes_dollars_fp" : "no_dollars_fp");
  write_levels(json, levels, side, yes_prices);
}

void begin_lifecycle(JsonWriter& json, const Market& market, std::string_view type) {
  json.begin_object().field("market_ticker", market.ticker).field("event_type", type);
}

}  // namespace

std::string snapshot_body(const KalshiShared& shared, const Market& market, bool yes_prices) {
  JsonWriter json;
  begin_market(json, shared, market);
  write_side(json, shared.context.world, market.id, BookSide::Bid, yes_prices);
  write_side(json, shared.context.world, market.id, BookSide::Ask, yes_prices);
  json.end_object();
  return json.take();
}

std::string delta_body(const KalshiShared& shared, const Market& market, const BookChange& change, bool yes_prices,
                       std::string_view client_id) {
  const bool flips = change.side == BookSide::Ask && !yes_prices;
  JsonWriter json;
  begin_market(json, shared, market);
  json.field("price_dollars", to_text(flips ? complement(change.price) : change.price));
  json.field("delta_fp", signed_count(change.delta)).field("side", outcome_side_name(change.side));
  if (!client_id.empty()) json.field("client_order_id", client_id);
  json.field("ts", shared.stated_text(change.time)).field("ts_ms", shared.stated_ms(change.time)).end_object();
  return json.take();
}

std::string ticker_body(const KalshiShared& shared, const Market& market, const KalshiTradeTotals& totals) {
  const World& world = shared.context.world;
  const std::vector<BookLevel> bids = world.levels(market.id, BookSide::Bid);
  const std::vector<BookLevel> asks = world.levels(market.id, BookSide::Ask);
  const Timestamp at = shared.stated(world.now());
  JsonWriter json;
  begin_market(json, shared, market);
  json.field("price_dollars", to_text(market.last_price));
  json.field("yes_bid_dollars", to_text(bids.empty() ? kPriceZero : bids.front().price));
  json.field("yes_ask_dollars", to_text(asks.empty() ? kPriceOne : asks.front().price));
  json.field("yes_bid_size_fp", to_text(bids.empty() ? Quantity{} : bids.front().quantity));
  json.field("yes_ask_size_fp", to_text(asks.empty() ? Quantity{} : asks.front().quantity));
  json.field("last_trade_size_fp", to_text(totals.last_size)).field("volume_fp", to_text(market.volume));
  json.field("open_interest_fp", to_text(market.open_interest));
  json.field("dollar_volume", totals.traded.units() / Money::kScale);
  json.field("dollar_open_interest", market.open_interest.units() / Quantity::kScale);
  json.field("ts", unix_seconds(at)).field("ts_ms", unix_milliseconds(at)).field("time", kalshi_time(at));
  json.end_object();
  return json.take();
}

std::string trade_body(const KalshiShared& shared, const Market& market, const MarketTrade& trade) {
  JsonWriter json;
  json.begin_object().field("trade_id", trade.trade_id).field("market_ticker", market.ticker);
  json.field("yes_price_dollars", to_text(trade.price)).field("no_price_dollars", to_text(complement(trade.price)));
  json.field("count_fp", to_text(trade.quantity)).field("taker_side", outcome_side_name(trade.taker_side));
  json.field("taker_outcome_side", outcome_side_name(trade.taker_side));
  json.field("taker_book_side", book_side_name(trade.taker_side)).field("is_block_trade", false);
  json.field("ts", unix_seconds(shared.stated(trade.time))).field("ts_ms", shared.stated_ms(trade.time)).end_object();
  return json.take();
}

std::string fill_body(const KalshiShared& shared, const Fill& fill) {
  const Market& market = shared.context.world.market(fill.market);
  JsonWriter json;
  json.begin_object().field("trade_id", fill.trade_id).field("order_id", fill.order_public_id);
  if (!fill.client_id.empty()) json.field("client_order_id", fill.client_id);
  json.field("market_ticker", market.ticker).field("exchange_index", market.exchange_index);
  json.field("is_taker", fill.is_taker).field("side", "yes").field("action", action_name(fill.book_side));
  json.field("yes_price_dollars", to_text(fill.yes_price)).field("count_fp", to_text(fill.quantity));
  json.field("fee_cost", to_text(fill.fee)).field("post_position_fp", signed_count(fill.position_after));
  json.field("purchased_side", outcome_side_name(fill.book_side));
  json.field("outcome_side", outcome_side_name(fill.book_side)).field("book_side", book_side_name(fill.book_side));
  json.field("ts", unix_seconds(shared.stated(fill.time))).field("ts_ms", shared.stated_ms(fill.time)).end_object();
  return json.take();
}

std::string user_order_body(const KalshiShared& shared, const Order& order, std::string_view group_id) {
  const Market& market = shared.context.world.market(order.market);
  JsonWriter json;
  json.begin_object().field("order_id", order.public_id).field("user_id", shared.context.keys.kalshi_user_id);
  json.field("ticker", market.ticker).field("exchange_index", market.exchange_index);
  json.field("status", kalshi_order_status(order.status)).field("side", outcome_side_name(order.book_side));
  json.field("is_yes", order.book_side == BookSide::Bid);
  json.field("outcome_side", outcome_side_name(order.book_side)).field("book_side", book_side_name(order.book_side));
  json.field("yes_price_dollars", to_text(order.yes_price)).field("fill_count_fp", to_text(order.filled));
  json.field("remaining_count_fp", to_text(order.remaining)).field("initial_count_fp", to_text(order.initial));
  json.field("taker_fill_cost_dollars", to_text(order.taker_cost));
  json.field("maker_fill_cost_dollars", to_text(order.maker_cost));
  json.field("taker_fees_dollars", to_text(order.taker_fees)).field("maker_fees_dollars", to_text(order.maker_fees));
  json.field("client_order_id", order.client_id);
  if (!group_id.empty()) json.field("order_group_id", group_id);
  json.field("self_trade_prevention_type", self_trade_name(order.self_trade));
  json.field("created_time", shared.stated_text(order.created_at));
  json.field("created_ts_ms", shared.stated_ms(order.created_at));
  json.field("last_update_time", shared.stated_text(order.updated_at));
  json.field("last_updated_ts_ms", shared.stated_ms(order.updated_at));
  if (order.expires_at != kNoTime) {
    json.field("expiration_time", kalshi_time(order.expires_at));
    json.field("expiration_ts_ms", unix_milliseconds(order.expires_at));
  }
  if (const std::string_view reason = update_reason(order); !reason.empty()) json.field("last_update_reason", reason);
  json.field("subaccount_number", 0).end_object();
  return json.take();
}

std::string position_body(const KalshiShared& shared, const Position& position, Quantity volume) {
  JsonWriter json;
  json.begin_object().field("user_id", shared.context.keys.kalshi_user_id);
  json.field("market_ticker", shared.context.world.market(position.market).ticker);
  json.field("position_fp", signed_count(position.yes.units() - position.no.units()));
  json.field("position_cost_dollars", to_text(position.cost));
  json.field("realized_pnl_dollars", to_text(position.realized_pnl));
  json.field("fees_paid_dollars", to_text(position.fees)).field("position_fee_cost_dollars", to_text(position.fees));
  json.field("volume_fp", to_text(volume)).end_object();
  return json.take();
}

std::string group_body(const KalshiShared& shared, std::string_view event_type, std::string_view group_id,
                       std::optional<Quantity> limit) {
  JsonWriter json;
  json.begin_object().field("event_type", event_type).field("order_group_id", group_id);
  if (limit) json.field("contracts_limit_fp", to_text(*limit));
  json.field("ts_ms", shared.stated_ms(shared.now())).end_object();
  return json.take();
}

std::string event_created_body(const Event& event) {
  JsonWriter json;
  json.begin_object().field("event_ticker", event.ticker).field("exchange_index", kCryptoShard);
  json.field("title", event.title).field("subtitle", kalshi_time(event.ends_at)).field("collateral_return_type", "");
  json.field("series_ticker", event.series).field("strike_date", unix_seconds(event.ends_at)).end_object();
  return json.take();
}

std::string market_created_body(const KalshiShared& shared, const Market& market) {
  JsonWriter json;
  begin_lifecycle(json, market, "created");
  json.field("exchange_index", market.exchange_index);
  json.field("open_ts", unix_seconds(market.opens_at)).field("close_ts", unix_seconds(market.closes_at));
  write_grid(json, market);
  json.key("additional_metadata").begin_object().field("name", market.title).field("title", market.title);
  json.field("yes_sub_title", market.yes_sub_title).field("no_sub_title", market.no_sub_title);
  json.field("rules_primary", market.rules_primary).field("rules_secondary", market.rules_secondary);
  json.field("can_close_early", false);
  json.field("event_ticker", shared.context.world.event(market.event).ticker);
  json.field("expected_expiration_ts", unix_seconds(market.closes_at));
  write_strikes(json, market);
  json.end_object().end_object();
  return json.take();
}

std::string grid_changed_body(const Market& market) {
  JsonWriter json;
  begin_lifecycle(json, market, "price_level_structure_updated");
  write_grid(json, market);
  json.end_object();
  return json.take();
}

std::string strike_known_body(const Market& market) {
  JsonWriter json;
  begin_lifecycle(json, market, "metadata_updated");
  write_strikes(json, market);
  json.field("yes_sub_title", market.yes_sub_title).end_object();
  return json.take();
}

std::string determined_body(const KalshiShared& shared, const Market& market) {
  const bool is_scalar = market.payout != kPriceOne && market.payout != kPriceZero;
  JsonWriter json;
  begin_lifecycle(json, market, "determined");
  json.field("result", is_scalar ? "scalar" : market.payout == kPriceOne ? "yes" : "no");
  json.field("settlement_value", to_text(market.payout));
  json.field("determination_ts", unix_seconds(shared.stated(market.determined_at))).end_object();
  return json.take();
}

std::string settled_body(const KalshiShared& shared, const Market& market) {
  JsonWriter json;
  begin_lifecycle(json, market, "settled");
  json.field("settled_ts", unix_seconds(shared.stated(market.settled_at))).end_object();
  return json.take();
}

}  // namespace arbees::sim
