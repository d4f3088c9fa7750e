// The half of the execution engine that knows requests: what is held of their legs, and what is sent next.

#include <algorithm>

#include "core/base/wide_int.h"
#include "core/engine/execution_engine.h"
#include "core/engine/report_sink.h"
#include "core/risk/reserve.h"

namespace arbees {
namespace {

// How long an order that evens the legs may travel before the venue must refuse it.
constexpr Duration kOrderLifetime = std::chrono::seconds(2);
// How often a request that waits for better books looks at them.
constexpr Duration kRetryAfter = std::chrono::milliseconds(100);

Money part_of(Money amount, Quantity part, Quantity whole) noexcept {
  const Int128 units = static_cast<Int128>(amount.units()) * part.units() / whole.units();
  return Money::from_units(static_cast<std::int64_t>(units));
}

// What selling so much of the leg gives up: of what this request has paid. The position may have been bought by others
// as well, at other prices; more than the leg has is sold at what the position has cost.
Money leg_cost_of_sale(const LegState& leg, const BookedFill& sale) noexcept {
  const Quantity own = std::min(sale.quantity, std::max(leg.held, Quantity{}));
  const Money paid = own.is_positive() ? part_of(leg.spent, own, leg.held) : Money{};
  return paid + part_of(sale.sold_cost, sale.quantity - own, sale.quantity);
}

bool is_of(const LegState& leg, const OrderRequest& order) noexcept {
  return leg.leg.instrument == order.instrument && leg.leg.outcome == order.outcome;
}

Holding holding_of(const Leg& leg, Detector detector) noexcept {
  return {leg.instrument, leg.outcome, leg.venue, leg.asset, strategy_of(detector)};
}

}  // namespace

bool ExecutionEngine::can_execute(const ExecutionRequest& request, const Outputs& outputs) const noexcept {
  const std::size_t legs = request.legs.size();
  if (legs == 0 || open_requests_ >= requests_.limit() - done_.size() || !orders_.has_room(legs)) return false;
  if (outputs.requests.full() || outputs.orders.size() + legs > outputs.orders.capacity()) return false;
  if (outputs.reports.size() + legs + 4 >= outputs.reports.capacity()) return false;
  const Timestamp now = request.created_at;
  const auto more = static_cast<std::int64_t>(legs);
  if (orders_in_minute_.count(now) + more > limits().max_orders_per_minute) return false;
  if (orders_in_hour_.count(now) + more > limits().max_orders_per_hour) return false;
  for (const Leg& leg : request.legs) {
    if (market_.find(leg.instrument) == nullptr || !leg.quantity.is_positive()) return false;
  }
  return state_ == TradingState::Active && gate_.allows(request.legs, strategy_of(request.detector));
}

void ExecutionEngine::execute(const ExecutionRequest& request, const Event& cause, Outputs& outputs) {
  RequestRecord* record = requests_.insert(request.id.value);
  ARBEES_ASSERT(record != nullptr);
  record->opportunity_id = request.opportunity_id;
  record->guaranteed = request.guaranteed;
  record->deadline = request.deadline;
  record->detector = request.detector;
  for (const Leg& leg : request.legs) {
    LegState state;
    state.leg = leg;
    state.hold = worst_cost(market_.find(leg.instrument)->terms.fees, leg.price, leg.quantity);
    state.hold_quantity = leg.quantity;
    portfolio_.reserve(holding_of(leg, request.detector), leg.quantity, state.hold);
    record->legs.push_back(state);
  }
  ++requests_made_;
  ++open_requests_;
  const LegPlan plan = open_plan(record->legs, market_, limits());
  if (!send_plan(request.id, *record, plan, cause, outputs)) finish(request.id, *record, cause, outputs);
}

bool ExecutionEngine::send_plan(RequestId id, RequestRecord& request, const LegPlan& plan, const Event& cause,
                                Outputs& outputs) {
  const std::size_t count = plan.orders.size();
  const bool has_room = orders_.has_room(count) && outputs.orders.size() + count <= outputs.orders.capacity() &&
                        outputs.reports.size() + count + 4 < outputs.reports.capacity();
  if (!has_room || state_ == TradingState::Halted) return false;
  bool is_sent = false;
  for (const LegOrder& next : plan.orders) {
    LegState& leg = request.legs[next.leg];
    OrderRequest order;
    order.request = id;
    order.instrument = leg.leg.instrument;
    order.limit = next.limit;
    order.quantity = next.quantity;
    order.deadline = request.rounds == 0 ? request.deadline : cause.received_at + kOrderLifetime;
    order.venue = leg.leg.venue;
    order.asset = leg.leg.asset;
    order.outcome = leg.leg.outcome;
    order.side = next.side;
    order.leg = next.leg;
    Money reserve;
    if (next.side == Side::Buy) {
      reserve = worst_cost(market_.find(leg.leg.instrument)->terms.fees, next.limit, next.quantity);
      const Money hold = leg.hold;
      const Quantity held_back = leg.hold_quantity;
      release_hold(leg, request.detector);
      if (!gate_.allows(order, strategy_of(request.detector), reserve)) {
        leg.hold = hold;
        leg.hold_quantity = held_back;
        portfolio_.reserve(holding_of(leg.leg, request.detector), held_back, hold);
        continue;
      }
    }
    order.id = OrderId{(session_ << 32) | ++last_order_};
    ++request.open_orders;
    ++request.orders;
    is_sent = true;
    send(order, request.detector, reserve, cause, outputs);
  }
  if (is_sent) ++request.rounds;
  return is_sent;
}

void ExecutionEngine::release_hold(LegState& leg, Detector detector) noexcept {
  if (leg.hold.is_zero() && leg.hold_quantity.is_zero()) return;
  portfolio_.release(holding_of(leg.leg, detector), leg.hold_quantity, leg.hold);
  leg.hold = Money{};
  leg.hold_quantity = Quantity{};
}

bool ExecutionEngine::take_back(const OrderRecord& record) noexcept {
  RequestRecord* request = find_request(record.order.request);
  if (request == nullptr || request->is_done || record.order.leg >= request->legs.size()) return false;
  LegState& leg = request->legs[record.order.leg];
  leg.hold += record.reserve;
  leg.hold_quantity += std::max(Quantity{}, record.order.quantity - record.filled);
  return true;
}

void ExecutionEngine::note_fill(const OrderRequest& order, FillRecord& fill, bool is_reverted, Timestamp now) noexcept {
  if (order.request.value == 0) return note_sale(order, fill, is_reverted, now);
  RequestRecord* request = find_request(order.request);
  if (request == nullptr || order.leg >= request->legs.size()) return;
  LegState& leg = request->legs[order.leg];
  const Money gross = fill.price * fill.quantity;
  const std::int64_t sign = is_reverted ? -1 : 1;
  if (order.side == Side::Buy) {
    const Money planned = part_of(leg.leg.cost + leg.leg.fee, fill.quantity, leg.leg.quantity);
    leg.held += fill.quantity * sign;
    leg.spent += (gross + fill.fee) * sign;
    request->slippage += (gross + fill.fee - planned) * sign;
  } else {
    if (!is_reverted) fill.leg_cost = leg_cost_of_sale(leg, fill);
    leg.held -= fill.quantity * sign;
    leg.spent -= fill.leg_cost * sign;
    request->unwind_cost += (fill.leg_cost - (gross - fill.fee)) * sign;
    request->has_sold = request->has_sold || !is_reverted;
  }
  bound_by_position(leg);
  note_nakedness(*request, now);
}

// Sold for more requests than one, or told in another order than it happened: never less than nothing, and never more
// than there is.
void ExecutionEngine::bound_by_position(LegState& leg) const noexcept {
  const Position* position = portfolio_.find(leg.leg.instrument, leg.leg.outcome);
  const Quantity most = position == nullptr ? Quantity{} : std::max(position->quantity, Quantity{});
  cut_leg(leg, std::max(leg.held - most, Quantity{}));
  leg.held = std::max(leg.held, Quantity{});
  leg.spent = leg.held.is_zero() ? Money{} : std::max(leg.spent, Money{});
}

// Not more than it holds.
void ExecutionEngine::cut_leg(LegState& leg, Quantity quantity) noexcept {
  if (!quantity.is_positive()) return;
  leg.spent -= part_of(leg.spent, quantity, leg.held);
  leg.held -= quantity;
}

Quantity ExecutionEngine::held_by_requests(const OrderRequest& order) const noexcept {
  Quantity held;
  requests_.for_each([&](std::uint64_t, const RequestRecord& request) {
    for (const LegState& leg : request.legs) held += is_of(leg, order) ? leg.held : Quantity{};
  });
  return held;
}

ExecutionEngine::RequestIds ExecutionEngine::take_from_requests(const OrderRequest& order, Quantity quantity,
                                                                Timestamp now) noexcept {
  RequestIds taken;
  requests_.for_each([&](std::uint64_t id, RequestRecord& request) {
    for (LegState& leg : request.legs) {
      const Quantity cut = is_of(leg, order) ? std::min(quantity, leg.held) : Quantity{};
      if (!cut.is_positive() || taken.full()) continue;
      cut_leg(leg, cut);
      quantity -= cut;
      note_nakedness(request, now);
      taken.push_back(id);
    }
  });
  if (quantity.is_positive() && taken.full()) trouble_ = ControlReason::Reconciliation;
  return taken;
}

void ExecutionEngine::share_shortage(const OrderRequest& order, const Event& cause, Outputs& outputs) {
  const Position* position = portfolio_.find(order.instrument, order.outcome);
  const Quantity there = position == nullptr ? Quantity{} : std::max(position->quantity, Quantity{});
  const Quantity shortage = held_by_requests(order) - there;
  if (!shortage.is_positive()) return;
  for (const std::uint64_t id : take_from_requests(order, shortage, cause.received_at)) {
    reopen(RequestId{id}, cause, outputs);
  }
}

void ExecutionEngine::note_nakedness(RequestRecord& request, Timestamp now) noexcept {
  const Nakedness naked = nakedness(request.legs);
  if (naked.surplus.is_positive()) {
    request.naked_loss = std::max(request.naked_loss, naked.cost);
    if (request.naked_since == kNoTime) request.naked_since = now;
    return;
  }
  if (request.naked_since == kNoTime) return;
  request.naked_time += now - request.naked_since;
  request.naked_since = kNoTime;
}

void ExecutionEngine::order_ended(const OrderRequest& order, const Event& cause, Outputs& outputs) {
  RequestRecord* request = find_request(order.request);
  if (request == nullptr || request->open_orders == 0) return;
  if (--request->open_orders == 0) step(order.request, *request, cause, outputs);
}

void ExecutionEngine::reopen(RequestId id, const Event& cause, Outputs& outputs) {
  RequestRecord* request = find_request(id);
  if (request == nullptr || !request->is_done) return;
  request->is_done = false;
  request->rounds = 1;  // a budget of its own
  ++open_requests_;
  const auto slot = std::find(done_.begin(), done_.end(), id.value);
  if (slot != done_.end()) *slot = 0;
  step(id, *request, cause, outputs);
}

void ExecutionEngine::step(RequestId id, RequestRecord& request, const Event& cause, Outputs& outputs) {
  if (is_flattening_) return finish(id, request, cause, outputs);  // what it holds is sold with everything else
  const Timestamp now = cause.received_at;
  const bool is_late = request.naked_since != kNoTime && now - request.naked_since >= limits().max_naked_time;
  EvenTask task;
  task.guaranteed = request.guaranteed;
  task.lost_by_sales = request.unwind_cost;
  task.now = now;
  task.may_buy = !is_late && request.rounds < limits().max_leg_rounds;
  LegPlan plan = even_plan(request.legs, task, market_, limits());
  if (plan.step == LegStep::Even) return finish(id, request, cause, outputs);
  bool is_sent = plan.step == LegStep::Send && send_plan(id, request, plan, cause, outputs);
  if (!is_sent && plan.step == LegStep::Send && task.may_buy) {
    task.may_buy = false;  // a purchase that the limits do not allow
    plan = even_plan(request.legs, task, market_, limits());
    is_sent = plan.step == LegStep::Send && send_plan(id, request, plan, cause, outputs);
  }
  if (is_sent) return;
  const bool is_exhausted = is_late || request.rounds >= 2 * limits().max_leg_rounds;
  if (is_exhausted) return finish(id, request, cause, outputs);
  wake_at(now + kRetryAfter);
}

RequestOutcome ExecutionEngine::outcome_of(const RequestRecord& request, const Nakedness& naked) const noexcept {
  if (naked.surplus.is_positive()) return RequestOutcome::Kept;
  if (request.has_sold) return RequestOutcome::Unwound;
  if (!naked.matched.is_positive()) return RequestOutcome::Failed;
  const bool is_whole = std::all_of(request.legs.begin(), request.legs.end(),
                                    [](const LegState& leg) { return leg.held >= leg.leg.quantity; });
  return is_whole ? RequestOutcome::Complete : RequestOutcome::Partial;
}

void ExecutionEngine::finish(RequestId id, RequestRecord& request, const Event& cause, Outputs& outputs) {
  if (!has_room(outputs)) return wake_at(cause.received_at);
  for (LegState& leg : request.legs) release_hold(leg, request.detector);
  const Nakedness naked = nakedness(request.legs);
  RequestEnded ended;
  ended.request = id;
  ended.opportunity_id = request.opportunity_id;
  for (const LegState& leg : request.legs) ended.asked = std::max(ended.asked, leg.leg.quantity);
  ended.matched = naked.matched;
  ended.kept = naked.surplus;
  ended.naked_time = request.naked_time;
  // What is kept is naked until settlement; counted is the time in which something could be done about it.
  if (request.naked_since != kNoTime) ended.naked_time += cause.received_at - request.naked_since;
  ended.naked_loss = request.naked_loss;
  ended.unwind_cost = request.unwind_cost;
  ended.slippage = request.slippage;
  ended.orders = request.orders;
  ended.outcome = outcome_of(request, naked);
  ended.detector = request.detector;
  ended.leg_count = static_cast<std::uint8_t>(request.legs.size());
  report(cause, outputs, ended);
  const bool is_broken = ended.outcome == RequestOutcome::Kept || ended.outcome == RequestOutcome::Unwound;
  const bool is_unwound = ended.outcome == RequestOutcome::Unwound;
  broken_ += static_cast<std::uint64_t>(is_broken && !request.was_broken);
  unwound_ += static_cast<std::uint64_t>(is_unwound && !request.was_unwound);
  request.was_broken = request.was_broken || is_broken;
  request.was_unwound = request.was_unwound || is_unwound;
  request.is_done = true;
  if (--open_requests_ == 0) portfolio_.free_pair_cash();
  if (done_[next_done_] != 0) requests_.erase(done_[next_done_]);
  done_[next_done_] = id.value;
  next_done_ = (next_done_ + 1) % done_.size();
}

}  // namespace arbees
