#include "core/engine/execution_engine.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/engine/report_sink.h"
#include "core/risk/position_strategy.h"
#include "core/risk/reserve.h"

namespace arbees {
namespace {

// How long after its deadline an order may be silent before it is doubted.
constexpr Duration kAnswerGrace = std::chrono::seconds(2);
// Only this long after its deadline is "it never got here" believed of an order in doubt: it may still be on its way.
constexpr Duration kAbsenceGuarantee = std::chrono::seconds(5);
// Fills may come by another road than the order's end, which tells their sum.
constexpr Duration kFillGrace = std::chrono::seconds(1);
constexpr Duration kCancelGrace = std::chrono::seconds(2);
constexpr Duration kFirstQueryAfter = std::chrono::milliseconds(250);
constexpr Duration kLongestBackOff = std::chrono::seconds(8);
// Open requests are looked at this often: the time in which their legs may be unequal runs out.
constexpr Duration kLookAgainAfter = std::chrono::milliseconds(100);

std::int64_t utc_day(Timestamp at) noexcept { return unix_ns(at) / Duration(std::chrono::hours(24)).count(); }
constexpr std::size_t kSettledRemembered = 2048;
constexpr std::size_t kRequestsRemembered = 128;

bool is_trouble(RejectReason reason) noexcept {
  return reason == RejectReason::VenueError || reason == RejectReason::RateLimited ||
         reason == RejectReason::Unauthorized || reason == RejectReason::InsufficientBalance ||
         reason == RejectReason::OffTick || reason == RejectReason::TooSmall;
}

Holding holding_of(const OrderRequest& order, Detector detector) noexcept {
  return {order.instrument, order.outcome, order.venue, order.asset, strategy_of(detector)};
}

// What of an order is not filled yet: what its reserve is for.
Quantity open_quantity(const OrderRecord& record) noexcept {
  return std::max(Quantity{}, record.order.quantity - record.filled);
}

// Contracts of one asset and closing instant, or the outcomes of one event.
std::uint64_t event_key(const ContractTerms& terms) noexcept {
  if (terms.payoff == Payoff::Category) return mix64(terms.event_group, 1);
  return mix64(static_cast<std::uint64_t>(unix_ns(terms.closes_at)), static_cast<std::uint64_t>(terms.asset) + 2);
}

}  // namespace

ExecutionEngine::ExecutionEngine(const Capacity& capacity, const MarketState& market, Portfolio& portfolio,
                                 const RiskGate& gate)
    : market_(market),
      portfolio_(portfolio),
      gate_(gate),
      orders_(capacity),
      requests_(capacity.open_requests + kRequestsRemembered),
      done_(kRequestsRemembered),
      awaited_payouts_(capacity.instruments),
      payouts_(kSettledRemembered),
      settled_results_(capacity.event_groups),
      inherited_(capacity.instruments),
      awaited_fills_(capacity.instruments),
      settled_(kSettledRemembered),
      sales_(capacity.positions) {}

void ExecutionEngine::send(const OrderRequest& order, Detector detector, Money reserve, const Event& cause,
                           Outputs& outputs) {
  ARBEES_ASSERT(state_ != TradingState::Halted);
  OrderRecord& record = orders_.add(order);
  record.detector = detector;
  record.reserve = reserve;
  record.ask_at = order.deadline + kAnswerGrace;
  wake_at(record.ask_at);
  if (order.side == Side::Buy) portfolio_.reserve(holding_of(order, detector), order.quantity, reserve);
  orders_in_minute_.add(cause.received_at);
  orders_in_hour_.add(cause.received_at);
  outputs.orders.push_back(OrderCommand{order, OrderAction::Submit});
  report(cause, outputs, OrderSubmitted{order});
}

void ExecutionEngine::on(const OrderUpdate& update, const Event& cause, Outputs& outputs) {
  if (update.id.value == 0) return;
  OrderRecord* record = orders_.find(update.id);
  if (record == nullptr) {
    // Something was bought or sold that these books cannot place.
    if (update.fill_quantity.is_positive()) trouble_ = ControlReason::Reconciliation;
    return;
  }
  record->told_filled = std::max(record->told_filled, update.filled_total);
  const bool is_new = take_fill(*record, update, cause, outputs);
  if (!record->is_ended) return take_state(*record, update, cause, outputs);
  if (!is_new) return;
  report_end(*record, cause, outputs);
  const OrderRequest order = record->order;
  if (const Price* payout = payouts_.find(order.instrument.value); payout != nullptr) {
    settle(order.instrument, *payout, cause, outputs);
  }
  reopen(order.request, cause, outputs);
}

bool ExecutionEngine::take_fill(OrderRecord& record, const OrderUpdate& update, const Event& cause, Outputs& outputs) {
  if (!update.fill_quantity.is_positive() || update.venue_fill_id == 0) return false;
  if (orders_.find_fill(record, update.venue_fill_id) != nullptr) return false;
  FillRecord* fill = orders_.add_fill(record, update.venue_fill_id);
  if (fill == nullptr) {
    trouble_ = ControlReason::Reconciliation;
    return false;
  }
  fill->price = update.fill_price;
  fill->quantity = update.fill_quantity;
  fill->fee = update.fee;
  const OrderRequest& order = record.order;
  const Money gross = fill->price * fill->quantity;
  if (order.side == Side::Buy && !record.is_ended) {
    const Money freed = std::min(record.reserve, gross + fill->fee);
    portfolio_.release(holding_of(order, record.detector), std::min(fill->quantity, open_quantity(record)), freed);
    record.reserve -= freed;
  }
  record.filled += fill->quantity;
  // More than asked is the venue's to explain; it is held all the same.
  if (record.filled > order.quantity) trouble_ = ControlReason::Reconciliation;
  const Portfolio::Booked booked = portfolio_.apply_fill(order, strategy_of(record.detector), *fill);
  if (order.side == Side::Sell) fill->sold_cost = -booked.cost;
  if (!booked.result().is_zero()) add_result(booked.result(), cause.received_at);
  report(cause, outputs, OrderFilled{order, fill->venue_fill_id, fill->price, fill->quantity, fill->fee});
  note_fill(order, *fill, false, cause.received_at);
  return true;
}

void ExecutionEngine::take_state(OrderRecord& record, const OrderUpdate& update, const Event& cause, Outputs& outputs) {
  if (is_final(update.state)) {
    const bool was_doubted = record.state == OrderState::Unknown;
    const Timestamp certain_at = record.order.deadline + kAbsenceGuarantee;
    const bool is_absent = update.state == OrderState::Rejected && update.reason == RejectReason::NotSent;
    if (was_doubted && is_absent && cause.received_at < certain_at) return;  // it will be asked about again
    record.state = update.state;
    record.reason = update.reason;
  } else if (update.state == OrderState::Unknown) {
    if (record.state == OrderState::Pending || record.state == OrderState::Resting) doubt(record, cause, outputs);
    return;
  } else if (update.state == OrderState::Resting && !is_final(record.state)) {
    record.state = OrderState::Resting;
    record.doubted_at = kNoTime;
    record.ask_at = Timestamp::max();
    if (state_ == TradingState::Halted) {
      record.is_cancel_due = true;
      cancel_due(cause, outputs);
    }
    return;
  }
  if (!is_final(record.state)) return;
  if (record.filled >= record.told_filled) return end_order(record, cause, outputs);
  record.ask_at = cause.received_at + kFillGrace;
  record.back_off = Duration{};
  wake_at(record.ask_at);
}

void ExecutionEngine::end_order(OrderRecord& record, const Event& cause, Outputs& outputs) {
  if (record.order.side == Side::Buy && !take_back(record)) {
    portfolio_.release(holding_of(record.order, record.detector), open_quantity(record), record.reserve);
  }
  record.reserve = Money{};
  if (is_trouble(record.reason)) add_error(cause.received_at);
  report_end(record, cause, outputs);
  const OrderRequest order = record.order;
  const Quantity filled = record.filled;
  orders_.end(order.id);
  if (order.request.value == 0) sale_ended(order, filled, cause.received_at);
  settle_awaited(order.instrument, cause, outputs);
  order_ended(order, cause, outputs);
}

void ExecutionEngine::report_end(const OrderRecord& record, const Event& cause, Outputs& outputs) {
  OrderEnded ended;
  ended.order = record.order;
  ended.filled = record.filled;
  ended.reason = record.reason;
  ended.state = record.state;
  const bool claims_fills = record.state == OrderState::Filled || record.state == OrderState::PartlyFilled;
  if (record.filled >= record.order.quantity) {
    ended.state = OrderState::Filled;
  } else if (record.filled.is_positive()) {
    ended.state = OrderState::PartlyFilled;
  } else if (claims_fills) {
    ended.state = OrderState::Canceled;
  }
  report(cause, outputs, ended);
}

void ExecutionEngine::on(const FillFinalityChanged& changed, const Event& cause, Outputs& outputs) {
  OrderRecord* record = orders_.find(changed.id);
  FillRecord* fill = record == nullptr ? nullptr : orders_.find_fill(*record, changed.venue_fill_id);
  if (fill == nullptr) {
    if (changed.finality == FillFinality::Failed) trouble_ = ControlReason::Reconciliation;
    return;
  }
  if (fill->finality == FillFinality::Confirmed || fill->finality == FillFinality::Failed) return;
  const InstrumentId instrument = record->order.instrument;
  const bool is_last = changed.finality == FillFinality::Confirmed || changed.finality == FillFinality::Failed;
  std::uint32_t* awaited = awaited_fills_.insert(instrument.value);
  if (awaited != nullptr) {
    if (!is_last && !fill->is_awaited) ++*awaited;
    if (is_last && fill->is_awaited) --*awaited;
    if (*awaited == 0) awaited_fills_.erase(instrument.value);
    fill->is_awaited = !is_last;
  }
  fill->finality = changed.finality;
  if (changed.finality == FillFinality::Failed) revert_fill(*record, *fill, cause, outputs);
  settle_awaited(instrument, cause, outputs);
}

void ExecutionEngine::revert_fill(OrderRecord& record, FillRecord& fill, const Event& cause, Outputs& outputs) {
  const OrderRequest order = record.order;
  const bool is_ended = record.is_ended;
  record.filled -= fill.quantity;
  record.told_filled = std::min(record.told_filled, record.filled);
  const Money result = portfolio_.revert_fill(order, strategy_of(record.detector), fill).result();
  if (!result.is_zero()) add_result(result, cause.received_at);
  // What it may still fill is reserved again.
  if (!is_ended && order.side == Side::Buy) {
    const Money again = order.limit * fill.quantity + fill.fee;
    portfolio_.reserve(holding_of(order, record.detector), fill.quantity, again);
    record.reserve += again;
  }
  report(cause, outputs, FillReverted{order, fill.venue_fill_id, fill.price, fill.quantity, fill.fee});
  note_fill(order, fill, true, cause.received_at);
  if (order.side == Side::Buy) share_shortage(order, cause, outputs);
  // It failed after its contract had settled: a payout was booked for what was never held.
  if (payouts_.find(order.instrument.value) != nullptr) trouble_ = ControlReason::Reconciliation;
  if (!is_ended) return;
  report_end(record, cause, outputs);
  reopen(order.request, cause, outputs);
}

// ---- Doubt, queries and cancels. ----

void ExecutionEngine::doubt(OrderRecord& record, const Event& cause, Outputs& outputs) {
  if (!has_room(outputs)) return wake_at(cause.received_at);
  if (!is_final(record.state)) record.state = OrderState::Unknown;
  if (record.doubted_at == kNoTime) record.doubted_at = cause.received_at;
  add_error(cause.received_at);
  report(cause, outputs, OrderDoubted{record.order, record.filled});
  record.back_off = kFirstQueryAfter;
  ask(record, cause, outputs);
}

void ExecutionEngine::ask(OrderRecord& record, const Event& cause, Outputs& outputs) {
  if (outputs.orders.full()) return wake_at(cause.received_at);
  outputs.orders.push_back(OrderCommand{record.order, OrderAction::Query});
  record.ask_at = cause.received_at + record.back_off;
  record.back_off = std::min(record.back_off * 2, kLongestBackOff);
  wake_at(record.ask_at);
}

void ExecutionEngine::watch(OrderRecord& record, const Event& cause, Outputs& outputs) {
  const Timestamp now = cause.received_at;
  const bool is_doubted = record.doubted_at != kNoTime && record.back_off != Duration{};
  if (is_doubted && state_ != TradingState::Halted) {
    const Timestamp longest = record.doubted_at + limits().max_unknown_time;
    if (now >= longest) {
      trouble_ = ControlReason::ErrorRate;
    } else {
      wake_at(longest);  // the next query may be due later
    }
  }
  if (now < record.ask_at) return wake_at(record.ask_at);
  if (is_doubted) return ask(record, cause, outputs);
  doubt(record, cause, outputs);
}

void ExecutionEngine::set_state(TradingState state, const Event& cause, Outputs& outputs) {
  state_ = state;
  is_flattening_ = false;
  for (const std::uint64_t id : orders_.open()) {
    OrderRecord& record = *orders_.find(OrderId{id});
    const bool rests = record.order.time_in_force == TimeInForce::PostOnly;
    record.is_cancel_due =
        state == TradingState::Halted || (state == TradingState::Reducing && rests && record.order.side == Side::Buy);
  }
  if (state != TradingState::Active) cancel_due(cause, outputs);
  wake_at(cause.received_at);
}

void ExecutionEngine::cancel_due(const Event& cause, Outputs& outputs) {
  for (const std::uint64_t id : orders_.open()) {
    OrderRecord& record = *orders_.find(OrderId{id});
    if (!record.is_cancel_due) continue;
    if (outputs.orders.full()) return wake_at(cause.received_at);
    record.is_cancel_due = false;
    outputs.orders.push_back(OrderCommand{record.order, OrderAction::Cancel});
    record.ask_at = std::min(record.ask_at, cause.received_at + kCancelGrace);
    wake_at(record.ask_at);
  }
}

void ExecutionEngine::advance(const Event& cause, Outputs& outputs) {
  next_work_at_ = Timestamp::max();
  cancel_due(cause, outputs);
  for (const std::uint64_t id : orders_.open()) watch(*orders_.find(OrderId{id}), cause, outputs);
  step_requests(cause, outputs);
  if (is_flattening_) sell_positions(cause, outputs);
}

void ExecutionEngine::step_requests(const Event& cause, Outputs& outputs) {
  if (open_requests_ == 0) return;
  wake_at(cause.received_at + kLookAgainAfter);
  requests_.for_each([&](std::uint64_t id, RequestRecord& request) {
    if (!request.is_done && request.open_orders == 0) step(RequestId{id}, request, cause, outputs);
  });
}

ControlReason ExecutionEngine::take_trouble() noexcept {
  const ControlReason reason = trouble_;
  trouble_ = ControlReason::Unstated;
  return reason;
}

void ExecutionEngine::add_error(Timestamp now) noexcept {
  errors_in_minute_.add(now);
  if (errors_in_minute_.count(now) >= limits().max_order_errors_per_minute) trouble_ = ControlReason::ErrorRate;
}

// A new day begins at zero, also before anything has happened on it.
Money ExecutionEngine::result_of_day(Timestamp now) const noexcept {
  return utc_day(now) == day_ ? day_result_ : Money{};
}

void ExecutionEngine::add_result(Money result, Timestamp now) noexcept {
  day_result_ = result_of_day(now) + result;
  day_ = utc_day(now);
  look_at_day(now);
}

// A trouble once, also where trading is halted for something else that may end by itself. Who only reduces buys
// nothing, and sells on.
void ExecutionEngine::look_at_day(Timestamp now) noexcept {
  const Money limit = limits().max_daily_loss;
  const bool is_reached = result_of_day(now) <= -limit;
  if (!is_reached && limit > lost_limit_) lost_day_ = kNoDay;
  if (!is_reached) return;
  const bool was_lost = is_day_lost(now);
  lost_limit_ = was_lost ? std::max(lost_limit_, limit) : limit;
  if (was_lost) return;
  lost_day_ = utc_day(now);
  if (state_ != TradingState::Reducing) trouble_ = ControlReason::LimitBreached;
}

bool ExecutionEngine::is_day_lost(Timestamp now) const noexcept { return utc_day(now) == lost_day_; }

void ExecutionEngine::add_settled_result(InstrumentId instrument, Money result, Timestamp now) {
  const Contract* contract = market_.find(instrument);
  Money* sum = contract == nullptr ? nullptr : settled_results_.insert(event_key(contract->terms));
  if (sum == nullptr) return add_result(result, now);
  *sum += result;
  const std::uint64_t event = event_key(contract->terms);
  bool is_last = true;
  portfolio_.for_each([&](const Position& position) {
    const Contract* other = position.quantity.is_positive() ? market_.find(position.instrument) : nullptr;
    if (other != nullptr && event_key(other->terms) == event) is_last = false;
  });
  if (!is_last) return;
  add_result(*sum, now);
  settled_results_.erase(event);
}

void ExecutionEngine::restore(const OrderRequest& order, Timestamp now) {
  OrderRecord& record = orders_.add(order);
  record.state = OrderState::Unknown;
  record.doubted_at = now;
  record.back_off = kFirstQueryAfter;
  record.ask_at = now;
  const Contract* contract = market_.find(order.instrument);
  if (order.side == Side::Buy) {
    record.reserve = contract == nullptr ? kPriceOne * order.quantity
                                         : worst_cost(contract->terms.fees, order.limit, order.quantity);
    portfolio_.reserve(holding_of(order, record.detector), order.quantity, record.reserve);
  }
  wake_at(now);
}

void ExecutionEngine::restore_fill(OrderId order, std::uint64_t venue_fill_id, Quantity quantity) {
  OrderRecord* record = orders_.find(order);
  if (record == nullptr || orders_.find_fill(*record, venue_fill_id) != nullptr) return;
  FillRecord* fill = orders_.add_fill(*record, venue_fill_id);
  ARBEES_ASSERT(fill != nullptr);
  fill->quantity = quantity;
  if (record->order.side == Side::Buy) {
    portfolio_.release(holding_of(record->order, record->detector), std::min(quantity, open_quantity(*record)),
                       Money{});
  }
  record->filled += quantity;
}

// ---- Settlement. ----

void ExecutionEngine::on(const ContractSettled& settled, const Event& cause, Outputs& outputs) {
  if (!settled.id || settled.payout < kPriceZero || settled.payout > kPriceOne) return;
  if (open_requests_ != 0) wake_at(cause.received_at);  // legs of this contract cannot be made even any more
  if (!awaits(settled.id)) return settle(settled.id, settled.payout, cause, outputs);
  // Fills from before the close may still be under way, or not final: what is held is known only after them.
  Price* payout = awaited_payouts_.insert(settled.id.value);
  ARBEES_ASSERT(payout != nullptr);  // one entry for each contract at most
  *payout = settled.payout;
}

bool ExecutionEngine::awaits(InstrumentId instrument) const noexcept {
  if (awaited_fills_.size() != 0 && awaited_fills_.find(instrument.value) != nullptr) return true;
  return std::any_of(orders_.open().begin(), orders_.open().end(),
                     [&](std::uint64_t id) { return orders_.find(OrderId{id})->order.instrument == instrument; });
}

void ExecutionEngine::settle_awaited(InstrumentId instrument, const Event& cause, Outputs& outputs) {
  const Price* payout = awaited_payouts_.find(instrument.value);
  if (payout == nullptr || awaits(instrument)) return;
  settle(instrument, *payout, cause, outputs);
  awaited_payouts_.erase(instrument.value);
}

void ExecutionEngine::remember_payout(InstrumentId instrument, Price yes_payout) noexcept {
  if (payouts_.find(instrument.value) != nullptr) return;
  std::uint64_t& oldest = settled_[next_settled_];
  if (oldest != 0) payouts_.erase(oldest);
  oldest = instrument.value;
  next_settled_ = (next_settled_ + 1) % settled_.size();
  *payouts_.insert(instrument.value) = yes_payout;
}

void ExecutionEngine::settle(InstrumentId instrument, Price yes_payout, const Event& cause, Outputs& outputs) {
  remember_payout(instrument, yes_payout);
  Money result;
  bool has_settled = false;
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
    result += ended.payout - ended.cost;
    has_settled = true;
  }
  forget_sales(instrument);
  if (has_settled) add_settled_result(instrument, result, cause.received_at);
  count_awaited_result(instrument, cause.received_at);
}

void ExecutionEngine::count_awaited_result(InstrumentId settled, Timestamp now) {
  const bool was_last = inherited_.erase(settled.value) && inherited_.size() == 0;
  if (!was_last || awaited_result_.is_zero()) return;
  const Money result = awaited_result_;
  awaited_result_ = Money{};
  add_result(result, now);
}

void ExecutionEngine::on(const LimitSet& set, Timestamp now) {
  if (set.row == kDayResultRow) add_result(Money::from_units(set.value), now);
  if (set.row == kAwaitedResultRow) awaited_result_ = Money::from_units(set.value);
  if (set.row >= kUnpaidRow && set.row < kUnpaidRow + kVenueCount) {
    portfolio_.set_unpaid(static_cast<Venue>(set.row - kUnpaidRow), Money::from_units(set.value));
  }
  look_at_day(now);  // the limit itself may be another one
}

void ExecutionEngine::on(const CashSnapshot& snapshot, const Event& cause, Outputs& outputs) {
  portfolio_.set_cash(snapshot.venue, snapshot.cash);
  CashOpened opened;
  opened.cash = snapshot.cash;
  opened.venue = snapshot.venue;
  report(cause, outputs, opened);
}

void ExecutionEngine::on(const ContractListed& listed) noexcept {
  portfolio_.name_asset(listed.id, listed.terms.asset);
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
  position.strategy = strategy_in(snapshot);
  portfolio_.restore(position);
  (void)inherited_.insert(snapshot.id.value);
}

}  // namespace arbees
