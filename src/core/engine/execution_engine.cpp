#include "core/engine/execution_engine.h"

#include <algorithm>

#include "core/risk/reserve.h"

namespace arbees {
namespace {

template <class Body>
void report(const Event& cause, Outputs& outputs, const Body& body) noexcept {
  outputs.reports.push_back(Report{cause.received_at, cause.sequence, body});
}

}  // namespace

ExecutionEngine::ExecutionEngine(const Capacity& capacity, const MarketState& market, Portfolio& portfolio)
    : market_(market),
      portfolio_(portfolio),
      open_orders_(capacity.open_orders),
      open_requests_(capacity.open_requests) {}

RequestId ExecutionEngine::next_request_id() noexcept { return RequestId{(session_ << 32) | ++last_request_}; }

bool ExecutionEngine::execute(const ExecutionRequest& request, const Event& cause, Outputs& outputs) {
  const std::size_t legs = request.legs.size();
  if (open_requests_.full() || open_orders_.size() + legs > open_orders_.limit()) return false;
  if (outputs.orders.size() + legs > outputs.orders.capacity()) return false;
  for (const Leg& leg : request.legs) {
    if (market_.find(leg.instrument) == nullptr) return false;
  }
  OpenRequest* open_request = open_requests_.insert(request.id.value);
  open_request->open_legs = open_request->leg_count = static_cast<std::uint8_t>(legs);
  open_request->least_filled = Quantity::max();
  ++requests_made_;
  for (std::size_t i = 0; i < legs; ++i) {
    const Leg& leg = request.legs[i];
    OrderRequest order;
    order.id = OrderId{(session_ << 32) | ++last_order_};
    order.request = request.id;
    order.instrument = leg.instrument;
    order.limit = leg.price;
    order.quantity = leg.quantity;
    order.deadline = request.deadline;
    order.venue = leg.venue;
    order.asset = leg.asset;
    order.outcome = leg.outcome;
    order.leg = static_cast<std::uint8_t>(i);
    OpenOrder* open = open_orders_.insert(order.id.value);
    open->order = order;
    open->reserve = worst_cost(market_.find(leg.instrument)->terms.fees, leg.price, leg.quantity);
    portfolio_.reserve(order.venue, order.asset, open->reserve);
    outputs.orders.push_back(OrderCommand{order, OrderAction::Submit});
    report(cause, outputs, OrderSubmitted{order});
  }
  return true;
}

void ExecutionEngine::on(const OrderUpdate& update, const Event& cause, Outputs& outputs) {
  if (update.id.value == 0) return;
  OpenOrder* open = open_orders_.find(update.id.value);
  if (open == nullptr) return;  // not ours, or final already: a repeated answer changes nothing
  const bool is_new_fill = update.fill_quantity.is_positive() && update.venue_fill_id > open->last_fill_id;
  if (is_new_fill) apply_fill(*open, update, cause, outputs);
  if (!is_final(update.state)) return;
  end_order(*open, update, cause, outputs);
  open_orders_.erase(update.id.value);
}

void ExecutionEngine::apply_fill(OpenOrder& open, const OrderUpdate& update, const Event& cause, Outputs& outputs) {
  open.last_fill_id = update.venue_fill_id;
  open.filled += update.fill_quantity;
  const Money spent = update.fill_price * update.fill_quantity + update.fee;
  const Money freed = std::min(open.reserve, spent);
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
  request->least_filled = std::min(request->least_filled, open.filled);
  request->most_filled = std::max(request->most_filled, open.filled);
  if (--request->open_legs != 0) return;
  if (request->leg_count > 1 && request->least_filled != request->most_filled) ++broken_;
  open_requests_.erase(open.order.request.value);
}

void ExecutionEngine::on(const ContractSettled& settled, const Event& cause, Outputs& outputs) {
  const Contract* contract = market_.find(settled.id);
  if (contract == nullptr || settled.payout < kPriceZero || settled.payout > kPriceOne) return;
  settle(*contract, Outcome::Yes, settled.payout, cause, outputs);
  settle(*contract, Outcome::No, complement(settled.payout), cause, outputs);
}

void ExecutionEngine::settle(const Contract& contract, Outcome outcome, Price payout, const Event& cause,
                             Outputs& outputs) {
  const Position position = portfolio_.settle(contract.id, outcome, payout);
  if (position.quantity.is_zero()) return;
  PositionSettled ended;
  ended.instrument = contract.id;
  ended.quantity = position.quantity;
  ended.payout = payout * position.quantity;
  ended.cost = position.cost;
  ended.outcome = outcome;
  ended.venue = position.venue;
  ended.asset = position.asset;
  report(cause, outputs, ended);
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
