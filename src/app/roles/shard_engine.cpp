#include "app/roles/shard_engine.h"

#include "core/risk/reserve.h"

namespace arbees::app {
namespace {

Holding holding_of(const Leg& leg, Detector detector) {
  return {leg.instrument, leg.outcome, leg.venue, leg.asset, strategy_of(detector)};
}

// The average price, rounded down; what that leaves of the cost joins the fee, so that the sum is exact.
BookedFill booked(const HeldLeg& held) {
  BookedFill fill;
  fill.quantity = held.quantity;
  fill.price = Price::from_units(held.cost.units() / held.quantity.units());
  fill.fee = held.cost + held.fees - fill.price * fill.quantity;
  return fill;
}

}  // namespace

ShardEngine::ShardEngine(const Capacity& capacity, const RiskLimits& limits)
    : market_(capacity),
      portfolio_(capacity),
      gate_(limits, market_, portfolio_),
      opportunities_(capacity, market_, portfolio_, gate_),
      open_(capacity.open_requests) {}

void ShardEngine::on_event(const Event& event, Outputs& outputs) {
  opportunities_.take(event, outputs);
  take_in(event, outputs);
  trade(event, outputs);
}

void ShardEngine::take_in(const Event& event, Outputs& outputs) {
  if (const auto* settled = std::get_if<ContractSettled>(&event.body)) return settle(*settled);
  if (const auto* cash = std::get_if<CashSnapshot>(&event.body)) return portfolio_.set_cash(cash->venue, cash->cash);
  if (const auto* limit = std::get_if<LimitSet>(&event.body)) return gate_.on(*limit);
  if (const auto* control = std::get_if<Control>(&event.body)) latch_.on(*control, event, outputs);
}

void ShardEngine::settle(const ContractSettled& settled) noexcept {
  portfolio_.settle(settled.id, Outcome::Yes, settled.payout);
  portfolio_.settle(settled.id, Outcome::No, complement(settled.payout));
  market_.release(settled.id);
}

bool ShardEngine::has_room(const ExecutionRequest& request, const Outputs& outputs) const {
  if (request.legs.empty() || open_.full() || outputs.requests.full() || portfolio_.is_full()) return false;
  const auto more = static_cast<std::int64_t>(request.legs.size());
  const RiskLimits& limits = gate_.limits();
  if (legs_in_minute_.count(request.created_at) + more > limits.max_orders_per_minute) return false;
  if (legs_in_hour_.count(request.created_at) + more > limits.max_orders_per_hour) return false;
  return state() == TradingState::Active && gate_.allows(request.legs, strategy_of(request.detector));
}

void ShardEngine::begin(const ExecutionRequest& request, Outputs& outputs) {
  OpenRequest* open = open_.insert(request.id.value);
  ARBEES_ASSERT(open != nullptr);
  open->legs = request.legs;
  open->detector = request.detector;
  for (std::size_t i = 0; i < request.legs.size(); ++i) {
    const Leg& leg = request.legs[i];
    open->reserved[i] = worst_cost(market_.find(leg.instrument)->terms.fees, leg.price, leg.quantity);
    portfolio_.reserve(holding_of(leg, request.detector), leg.quantity, open->reserved[i]);
    legs_in_minute_.add(request.created_at);
    legs_in_hour_.add(request.created_at);
  }
  outputs.requests.push_back(request);
}

void ShardEngine::trade(const Event& event, Outputs& outputs) {
  while (const Opportunity* opportunity = opportunities_.next(event, {state(), open_.size()}, outputs)) {
    const ExecutionRequest request = request_for(*opportunity, RequestId{++last_request_}, event.received_at);
    const bool may = has_room(request, outputs);
    opportunities_.report(event, may ? request.id : RequestId{}, outputs);
    if (may) begin(request, outputs);
  }
}

void ShardEngine::conclude(RequestId request, const HeldLegs& held) {
  const OpenRequest* open = open_.find(request.value);
  if (open == nullptr) return;
  for (std::size_t i = 0; i < open->legs.size(); ++i) {
    const Leg& leg = open->legs[i];
    portfolio_.release(holding_of(leg, open->detector), leg.quantity, open->reserved[i]);
    // Of a contract that was settled meanwhile nothing is held any more.
    if (!held[i].quantity.is_positive() || market_.find(leg.instrument) == nullptr) continue;
    OrderRequest order;
    order.request = request;
    order.instrument = leg.instrument;
    order.quantity = held[i].quantity;
    order.limit = leg.price;
    order.venue = leg.venue;
    order.asset = leg.asset;
    order.outcome = leg.outcome;
    order.leg = static_cast<std::uint8_t>(i);
    portfolio_.apply_fill(order, strategy_of(open->detector), booked(held[i]));
  }
  open_.erase(request.value);
}

}  // namespace arbees::app
