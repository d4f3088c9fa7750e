#include "sim/kalshi_portfolio.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "adapters/telemetry/format.h"
#include "sim/kalshi_error.h"
#include "sim/kalshi_limits.h"
#include "sim/kalshi_query.h"

namespace arbees::sim {
namespace {

net::ServerResponse not_found() { return kalshi_refusal({404, "not_found", {}, {}}); }

bool accepts(const std::vector<std::string>& wanted, std::string_view text) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), text) != wanted.end();
}

bool is_on_shard(KalshiQuery& query, const Market& market) {
  const auto shard = query.number("exchange_index");
  return !shard || *shard == market.exchange_index;
}

std::string signed_count(std::int64_t units) { return format_decimal(units, Quantity::kDecimals); }

std::int64_t net_position(const Position& position) { return position.yes.units() - position.no.units(); }

std::string_view result_name(const Market& market) noexcept {
  if (market.payout == kPriceOne) return "yes";
  return market.payout == kPriceZero ? "no" : "scalar";
}

// Positions of one event together.
struct EventTotals {
  Money cost;
  Money realized;
  Money fees;
  Money traded;
  std::int64_t shares = 0;
};

void write_event_position(JsonWriter& json, const Event& event, const EventTotals& totals) {
  json.begin_object().field("event_ticker", event.ticker).field("total_cost_dollars", to_text(totals.traded));
  json.field("total_cost_shares_fp", signed_count(totals.shares));
  json.field("event_exposure_dollars", to_text(totals.cost));
  json.field("realized_pnl_dollars", to_text(totals.realized)).field("fees_paid_dollars", to_text(totals.fees));
  json.end_object();
}

}  // namespace

std::string_view kalshi_order_status(OrderStatus status) noexcept {
  if (status == OrderStatus::Resting) return "resting";
  return status == OrderStatus::Executed ? "executed" : "canceled";
}

std::string_view self_trade_name(SelfTrade self_trade) noexcept {
  return self_trade == SelfTrade::CancelTaker ? "taker_at_cross" : "maker";
}

void KalshiPortfolio::write_shard_balances(JsonWriter& json, Money amount) const {
  json.begin_array();
  for (const std::int32_t shard : {0, kCryptoShard}) {
    json.begin_object().field("exchange_index", shard);
    json.field("balance", kalshi_balance(shard == kCryptoShard ? amount : Money{})).end_object();
  }
  json.end_array();
}

net::ServerResponse KalshiPortfolio::balance(const net::ServerRequest& request) const {
  const World& world = shared_.context.world;
  KalshiQuery query(request, "GetBalance");
  const auto shard = query.number("exchange_index");
  if (auto mistake = query.mistake()) return *std::move(mistake);
  const Money all = world.available(Venue::Kalshi);
  const bool has_cash = !shard || *shard == -1 || *shard == kCryptoShard;
  const Money cash = has_cash ? all : Money{};
  JsonWriter json;
  json.begin_object().field("balance", kalshi_cents(cash)).field("balance_dollars", kalshi_balance(cash));
  json.field("portfolio_value", has_cash ? kalshi_cents(world.position_value(Venue::Kalshi)) : std::int64_t{0});
  json.field("updated_ts", unix_seconds(shared_.stated(shared_.now()))).key("balance_breakdown");
  write_shard_balances(json, all);
  json.end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiPortfolio::positions(const net::ServerRequest& request) const {
  const World& world = shared_.context.world;
  KalshiQuery query(request, "GetPositions");
  const std::vector<std::string> tickers = query.list("ticker");
  const std::string event_ticker = query.text("event_ticker");
  const std::vector<std::string> counted = query.list("count_filter");
  const std::string settlement = query.text("settlement_status");
  KalshiPage page(query.cursor(), query.limit(100, 1000));
  std::vector<Position> all = world.positions(Venue::Kalshi);
  std::sort(all.begin(), all.end(), [](const Position& a, const Position& b) { return a.market > b.market; });

  std::map<EventId, EventTotals> events;
  JsonWriter json;
  json.begin_object().key("market_positions").begin_array();
  for (const Position& position : all) {
    const Market& in = market(position.market);
    const Event& event = world.event(in.event);
    const bool is_settled = in.phase == ContractPhase::Settled;
    if (settlement != "all" && is_settled != (settlement == "settled")) continue;
    if (!accepts(tickers, in.ticker) || (!event_ticker.empty() && event.ticker != event_ticker)) continue;
    if (!is_on_shard(query, in)) continue;
    const bool has_position = !accepts(counted, "position") || net_position(position) != 0;
    const bool has_traded = !accepts(counted, "total_traded") || !position.traded.is_zero();
    if (!counted.empty() && !(has_position && has_traded)) continue;
    if (!page.take(position.market)) continue;
    EventTotals& totals = events[in.event];
    totals.cost += position.cost;
    totals.realized += position.realized_pnl;
    totals.fees += position.fees;
    totals.traded += position.traded;
    totals.shares += std::abs(net_position(position));
    json.begin_object().field("ticker", in.ticker).field("exchange_index", in.exchange_index);
    json.field("total_traded_dollars", to_text(position.traded));
    json.field("position_fp", signed_count(net_position(position)));
    json.field("market_exposure_dollars", to_text(position.cost));
    json.field("realized_pnl_dollars", to_text(position.realized_pnl));
    json.field("fees_paid_dollars", to_text(position.fees));
    json.field("last_updated_ts", shared_.stated_text(position.updated_at)).end_object();
  }
  json.end_array().key("event_positions").begin_array();
  for (const auto& [id, totals] : events) write_event_position(json, world.event(id), totals);
  json.end_array().field("cursor", page.next_cursor()).end_object();
  if (auto mistake = query.mistake()) return *std::move(mistake);
  return kalshi_json(json.take());
}

void KalshiPortfolio::write_fill(JsonWriter& json, const Fill& fill) const {
  const Market& in = market(fill.market);
  json.begin_object().field("fill_id", fill.trade_id).field("trade_id", fill.trade_id);
  json.field("order_id", fill.order_public_id).field("ticker", in.ticker).field("market_ticker", in.ticker);
  json.field("exchange_index", in.exchange_index);
  json.field("side", "yes").field("action", action_name(fill.book_side));
  json.field("outcome_side", outcome_side_name(fill.book_side)).field("book_side", book_side_name(fill.book_side));
  json.field("count_fp", to_text(fill.quantity)).field("yes_price_dollars", to_text(fill.yes_price));
  json.field("no_price_dollars", to_text(complement(fill.yes_price))).field("is_taker", fill.is_taker);
  json.field("fee_cost", to_text(fill.fee)).field("created_time", shared_.stated_text(fill.time));
  json.field("subaccount_number", 0).field("ts", unix_seconds(shared_.stated(fill.time))).end_object();
}

net::ServerResponse KalshiPortfolio::fills(const net::ServerRequest& request) const {
  KalshiQuery query(request, "GetFills");
  const std::vector<std::string> tickers = query.list("ticker");
  const std::string order_id = query.text("order_id");
  KalshiPage page(query.cursor(), query.limit(100, 1000));
  const std::vector<const Fill*> all = shared_.context.world.fills(Venue::Kalshi);
  JsonWriter json;
  json.begin_object().key("fills").begin_array();
  for (auto it = all.rbegin(); it != all.rend() && !page.is_over(); ++it) {
    const Fill& fill = **it;
    if (hidden_fills_.contains(fill.number) || !accepts(tickers, market(fill.market).ticker)) continue;
    if (!order_id.empty() && fill.order_public_id != order_id) continue;
    if (!query.is_within("ts", fill.time) || !is_on_shard(query, market(fill.market))) continue;
    if (page.take(fill.number)) write_fill(json, fill);
  }
  json.end_array().field("cursor", page.next_cursor()).end_object();
  if (auto mistake = query.mistake()) return *std::move(mistake);
  return kalshi_json(json.take());
}

net::ServerResponse KalshiPortfolio::settlements(const net::ServerRequest& request) const {
  const World& world = shared_.context.world;
  KalshiQuery query(request, "GetSettlements");
  const std::vector<std::string> tickers = query.list("ticker");
  const std::string event_ticker = query.text("event_ticker");
  KalshiPage page(query.cursor(), query.limit(100, 1000));
  const std::vector<Settlement> all = world.settlements(Venue::Kalshi);
  JsonWriter json;
  json.begin_object().key("settlements").begin_array();
  for (std::size_t i = all.size(); i-- > 0 && !page.is_over();) {
    const Settlement& settlement = all[i];
    const Market& in = market(settlement.market);
    if (!accepts(tickers, in.ticker) || !query.is_within("ts", settlement.time)) continue;
    if (!event_ticker.empty() && world.event(in.event).ticker != event_ticker) continue;
    if (!page.take(i)) continue;
    json.begin_object().field("ticker", in.ticker).field("exchange_index", in.exchange_index);
    json.field("event_ticker", world.event(in.event).ticker).field("market_result", result_name(in));
    json.field("yes_count_fp", to_text(settlement.yes)).field("yes_total_cost_dollars", to_text(settlement.yes_cost));
    json.field("no_count_fp", to_text(settlement.no)).field("no_total_cost_dollars", to_text(settlement.no_cost));
    json.field("revenue", kalshi_cents(settlement.payout)).field("value", in.payout.units() / 100);
    json.field("fee_cost", to_text(settlement.fees)).field("settled_time", shared_.stated_text(settlement.time));
    json.end_object();
  }
  json.end_array().field("cursor", page.next_cursor()).end_object();
  if (auto mistake = query.mistake()) return *std::move(mistake);
  return kalshi_json(json.take());
}

void KalshiPortfolio::write_order(JsonWriter& json, const Order& order) const {
  const Market& in = market(order.market);
  json.begin_object().field("order_id", order.public_id).field("user_id", shared_.context.keys.kalshi_user_id);
  json.field("client_order_id", order.client_id).field("ticker", in.ticker);
  json.field("side", "yes").field("action", action_name(order.book_side));
  json.field("outcome_side", outcome_side_name(order.book_side)).field("book_side", book_side_name(order.book_side));
  json.field("type", "limit").field("status", kalshi_order_status(order.status));
  json.field("yes_price_dollars", to_text(order.yes_price));
  json.field("no_price_dollars", to_text(complement(order.yes_price)));
  json.field("fill_count_fp", to_text(order.filled)).field("remaining_count_fp", to_text(order.remaining));
  json.field("initial_count_fp", to_text(order.initial));
  json.field("taker_fill_cost_dollars", to_text(order.taker_cost));
  json.field("maker_fill_cost_dollars", to_text(order.maker_cost));
  json.field("taker_fees_dollars", to_text(order.taker_fees));
  json.field("maker_fees_dollars", to_text(order.maker_fees));
  json.key("expiration_time");
  if (order.expires_at == kNoTime) {
    json.null();
  } else {
    json.value(kalshi_time(order.expires_at));
  }
  json.field("created_time", shared_.stated_text(order.created_at));
  json.field("last_update_time", shared_.stated_text(order.updated_at));
  json.field("self_trade_prevention_type", self_trade_name(order.self_trade));
  const std::string group = groups_.group_of(order.public_id);
  if (!group.empty()) json.field("order_group_id", group);
  json.field("cancel_order_on_pause", false).field("subaccount_number", 0);
  json.field("exchange_index", in.exchange_index).end_object();
}

net::ServerResponse KalshiPortfolio::orders(const net::ServerRequest& request) const {
  const World& world = shared_.context.world;
  KalshiQuery query(request, "GetOrders");
  const std::vector<std::string> tickers = query.list("ticker");
  const std::vector<std::string> events = query.list("event_ticker");
  const std::string status = query.text("status");
  if (!status.empty() && status != "resting" && status != "canceled" && status != "executed") {
    return kalshi_bad_parameter("Parameter validation failed for GetOrders: unknown status");
  }
  KalshiPage page(query.cursor(), query.limit(100, 1000));
  const std::vector<const Order*> all = world.orders(Venue::Kalshi);
  JsonWriter json;
  json.begin_object().key("orders").begin_array();
  for (auto it = all.rbegin(); it != all.rend() && !page.is_over(); ++it) {
    const Order& order = **it;
    const Market& in = market(order.market);
    if (!accepts(tickers, in.ticker) || !accepts(events, world.event(in.event).ticker)) continue;
    if (!status.empty() && kalshi_order_status(order.status) != status) continue;
    if (!query.is_within("ts", order.created_at) || !is_on_shard(query, in)) continue;
    if (page.take(order.number)) write_order(json, order);
  }
  json.end_array().field("cursor", page.next_cursor()).end_object();
  if (auto mistake = query.mistake()) return *std::move(mistake);
  return kalshi_json(json.take());
}

net::ServerResponse KalshiPortfolio::order(std::string_view order_id) const {
  const Order* order = shared_.context.world.find_order(Venue::Kalshi, order_id);
  if (order == nullptr) return not_found();
  JsonWriter json;
  json.begin_object().key("order");
  write_order(json, *order);
  json.end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiPortfolio::queue_position(std::string_view order_id) const {
  const World& world = shared_.context.world;
  const Order* order = world.find_order(Venue::Kalshi, order_id);
  if (order == nullptr || order->status != OrderStatus::Resting) return not_found();
  JsonWriter json;
  json.begin_object().field("queue_position_fp", to_text(world.queue_ahead(Venue::Kalshi, order_id))).end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiPortfolio::queue_positions(const net::ServerRequest& request) const {
  const World& world = shared_.context.world;
  KalshiQuery query(request, "GetOrderQueuePositions");
  const std::vector<std::string> tickers = query.list("market_tickers");
  const std::string event_ticker = query.text("event_ticker");
  if (tickers.empty() && event_ticker.empty()) {
    return kalshi_refusal({400, "invalid_parameters", {}, "need to specify market_tickers or event_ticker"});
  }
  JsonWriter json;
  json.begin_object().key("queue_positions").begin_array();
  for (const Order* order : world.orders(Venue::Kalshi)) {
    const Market& in = market(order->market);
    if (order->status != OrderStatus::Resting || !accepts(tickers, in.ticker)) continue;
    if (!event_ticker.empty() && world.event(in.event).ticker != event_ticker) continue;
    json.begin_object().field("order_id", order->public_id).field("market_ticker", in.ticker);
    json.field("queue_position_fp", to_text(world.queue_ahead(Venue::Kalshi, order->public_id))).end_object();
  }
  json.end_array().end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiPortfolio::resting_order_value() const {
  const World& world = shared_.context.world;
  const Money reserved = world.cash(Venue::Kalshi) - world.available(Venue::Kalshi);
  JsonWriter json;
  json.begin_object().field("total_resting_order_value", kalshi_cents(reserved));
  json.key("resting_order_value_breakdown");
  write_shard_balances(json, reserved);
  json.end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiPortfolio::subaccount_balances() const {
  JsonWriter json;
  json.begin_object().key("subaccount_balances").begin_array().begin_object().field("subaccount_number", 0);
  json.field("exchange_index", kCryptoShard);
  json.field("balance", kalshi_balance(shared_.context.world.available(Venue::Kalshi)));
  json.field("updated_ts", unix_seconds(shared_.stated(shared_.now()))).end_object().end_array().end_object();
  return kalshi_json(json.take());
}

}  // namespace arbees::sim
