#include "core/engine/execution_engine.h"

#include <algorithm>

#include "core/base/wide_int.h"
#include "core/risk/reserve.h"

namespace arbees {
namespace {

constexpr Duration kUnwindLifetime = std::chrono::seconds(2);

template <class Body>
void report(const Event& cause, Outputs& outputs, const Body& body) noexcept {
  outputs.reports.push_back(Report{cause.received_at, cause.sequence, body});
}

}  // namespace

ExecutionEngine::ExecutionEngine(const Capacity& capacity, const MarketState& market, Portfolio& portfolio)
    : market_(market),
      portfolio_(portfolio),
      open_orders_(capacity.open_orders),
      open_requests_(capacity.open_requests),
      awaited_payouts_(capacity.open_orders) {}

RequestId ExecutionEngine::next_request_id() noexcept { return RequestId{(session_ << 32) | ++last_request_}; }

OrderId ExecutionEngine::next_order_id() noexcept { return OrderId{(session_ << 32) | ++last_order_}; }

bool ExecutionEngine::can_execute(const ExecutionRequest& request, const Outputs& outputs) const noexcept {
  const std::size_t legs = request.legs.size();
  if (open_requests_.full() || open_orders_.size() + legs > open_orders_.limit()) return false;
  if (outputs.requests.full() || outputs.orders.size() + legs > outputs.orders.capacity()) return false;
  if (outputs.reports.size() + legs >= outputs.reports.capacity()) return false;
  for (const Leg& leg : request.legs) {
    if (market_.find(leg.instrument) == nullptr) return false;
  }
  return true;
}

void ExecutionEngine::execute(const ExecutionRequest& request, const Event& cause, Outputs& outputs) {
  const std::size_t legs = request.legs.size();
  OpenRequest* open_request = open_requests_.insert(request.id.value);
  ARBEES_ASSERT(open_request != nullptr);
  open_request->open_orders = static_cast<std::uint8_t>(legs);
  ++requests_made_;
  for (std::size_t i = 0; i < legs; ++i) {
    const Leg& leg = request.legs[i];
    OrderRequest order;
    order.id = next_order_id();
    order.request = request.id;
    order.instrument = leg.instrument;
    order.limit = leg.price;
    order.quantity = leg.quantity;
    order.deadline = request.deadline;
    order.venue = leg.venue;
    order.asset = leg.asset;
    order.outcome = leg.outcome;
    order.leg = static_cast<std::uint8_t>(i);
    open_request->legs.push_back(order);
    send(order, worst_cost(market_.find(leg.instrument)->terms.fees, leg.price, leg.quantity), cause, outputs);
  }
}

void ExecutionEngine::send(const OrderRequest& order, Money reserve, const Event& cause, Outputs& outputs) {
  OpenOrder* open = open_orders_.insert(order.id.value);
  ARBEES_ASSERT(open != nullptr);
  open->order = order;
  open->reserve = reserve;
  portfolio_.reserve(order.venue, order.asset, reserve);
  outputs.orders.push_back(OrderCommand{order, OrderAction::Submit});
  report(cause, outputs, OrderSubmitted{order});
}

void ExecutionEngine::on(const OrderUpdate& update, const Event& cause, Outputs& outputs) {
  if (update.id.value == 0) return;
  OpenOrder* open = open_orders_.find(update.id.value);
  if (open == nullptr) return;  // not ours, or final already: a repeated answer changes nothing
  const bool is_new_fill = update.fill_quantity.is_positive() && update.venue_fill_id > open->last_fill_id;
  if (is_new_fill) apply_fill(*open, update, cause, outputs);
  if (!is_final(update.state)) return;
  const OpenOrder ended = *open;
  open_orders_.erase(update.id.value);
  end_order(ended, update, cause, outputs);
  const Price* payout = awaited_payouts_.find(ended.order.instrument.value);
  if (payout == nullptr || has_open_order(ended.order.instrument)) return;
  settle(ended.order.instrument, *payout, cause, outputs);
  awaited_payouts_.erase(ended.order.instrument.value);
}

void ExecutionEngine::apply_fill(OpenOrder& open, const OrderUpdate& update, const Event& cause, Outputs& outputs) {
  open.last_fill_id = update.venue_fill_id;
  open.filled += update.fill_quantity;
  const Money spent = update.fill_price * update.fill_quantity + update.fee;
  const Money freed = std::min(open.reserve, spent);  // a sale has no reserve
  portfolio_.release(open.order.venue, open.order.asset, freed);
  open.reserve -= freed;
  portfolio_.apply_fill(open.order, update.fill_price, update.fill_quantity, update.fee);
  report(cause, outputs,
         OrderFilled{open.order, update.venue_fill_id, update.fill_price, update.fill_quantity, update.fee});
}

void ExecutionEngine::end_order(const OpenOrder& open, const OrderUpdate& update, const Event& cause,
                                Outputs& outputs) {
  portfolio_.release(open.order.venue, open.order.asset, open.reserve);
  OrderEnded ended;
  ended.order = open.order;
  ended.filled = open.filled;
  ended.state = update.state;
  ended.reason = update.reason;
  report(cause, outputs, ended);
  OpenRequest* request = open_requests_.find(open.order.request.value);
  if (request == nullptr) return;
  if (request->is_unwinding) {
    request->is_short_of_buyers = request->is_short_of_buyers || open.filled < open.order.quantity;
  } else {
    request->filled[open.order.leg] = open.filled;
  }
  if (--request->open_orders != 0) return;
  if (request->is_unwinding) {
    if (!request->is_short_of_buyers) ++unwound_;
  } else if (unwind(*request, cause, outputs)) {
    return;
  }
  open_requests_.erase(open.order.request.value);
}

bool ExecutionEngine::unwind(OpenRequest& request, const Event& cause, Outputs& outputs) {
  // The share of the request that all legs have reached, as filled / quantity of the worst leg.
  std::size_t worst = 0;
  const auto product = [&](std::size_t a, std::size_t b) {
    return static_cast<Int128>(request.filled[a].units()) * request.legs[b].quantity.units();
  };
  for (std::size_t i = 1; i < request.legs.size(); ++i) {
    if (product(i, worst) < product(worst, i)) worst = i;
  }
  bool is_broken = false;
  for (std::size_t i = 0; i < request.legs.size(); ++i) {
    const auto matched =
        Quantity::from_units(static_cast<std::int64_t>(product(worst, i) / request.legs[worst].quantity.units()));
    const Quantity surplus = request.filled[i] - matched;
    if (!surplus.is_positive()) continue;
    is_broken = true;
    const Contract* contract = market_.find(request.legs[i].instrument);
    const bool can_sell = contract != nullptr && surplus >= contract->terms.minimum_order && !open_orders_.full() &&
                          !outputs.orders.full() && outputs.reports.size() + 1 < outputs.reports.capacity();
    if (!can_sell) {
      request.is_short_of_buyers = true;
      continue;
    }
    OrderRequest order = request.legs[i];
    order.id = next_order_id();
    order.side = Side::Sell;
    order.quantity = surplus;
    const Price tick = contract->terms.grid.finest_tick();
    order.limit = std::max(order.limit - kUnwindSlippage, std::max(tick, Price::from_units(100)));
    order.deadline = cause.received_at + kUnwindLifetime;
    request.is_unwinding = true;
    ++request.open_orders;
    send(order, Money{}, cause, outputs);
  }
  if (is_broken) ++broken_;
  return request.is_unwinding;
}

void ExecutionEngine::on(const ContractSettled& settled, const Event& cause, Outputs& outputs) {
  if (!settled.id || settled.payout < kPriceZero || settled.payout > kPriceOne) return;
  if (!has_open_order(settled.id)) return settle(settled.id, settled.payout, cause, outputs);
  // Fills from before the close may still be under way: what is held is known when the last order has ended.
  Price* payout = awaited_payouts_.insert(settled.id.value);
  ARBEES_ASSERT(payout != nullptr);  // one entry for each open order at most
  *payout = settled.payout;
}

bool ExecutionEngine::has_open_order(InstrumentId instrument) const noexcept {
  if (open_orders_.size() == 0) return false;
  bool found = false;
  open_orders_.for_each(
      [&](std::uint64_t, const OpenOrder& open) { found = found || open.order.instrument == instrument; });
  return found;
}

void ExecutionEngine::settle(InstrumentId instrument, Price yes_payout, const Event& cause, Outputs& outputs) {
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    const Price payout = outcome == Outcome::Yes ? yes_payout : complement(yes_payout);
    const Position position = portfolio_.settle(instrument, outcome, payout);
    if (position.quantity.is_zero()) continue;
    PositionSettled ended;
    ended.instrument = instrument;
    ended.quantity = position.quantity;
    ended.payout = payout * position.quantity;
    ended.cost = position.cost;
    ended.outcome = outcome;
    ended.venue = position.venue;
    ended.asset = position.asset;
    report(cause, outputs, ended);
  }
}

void ExecutionEngine::on(const CashSnapshot& snapshot, const Event& cause, Outputs& outputs) {
  portfolio_.set_cash(snapshot.venue, snapshot.cash);
  CashOpened opened;
  opened.cash = snapshot.cash;
  opened.venue = snapshot.venue;
  report(cause, outputs, opened);
}

void ExecutionEngine::on(const PositionSnapshot& snapshot) noexcept {
  const Contract* contract = market_.find(snapshot.id);
  if (contract == nullptr) return;
  Position position;
  position.instrument = snapshot.id;
  position.quantity = snapshot.quantity;
  position.cost = snapshot.cost;
  position.outcome = snapshot.outcome;
  position.venue = contract->terms.venue;
  position.asset = contract->terms.asset;
  portfolio_.restore(position);
}

}  // namespace arbees
