#include "core/simulation/simulated_exchange.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/market/fees.h"

namespace arbees {
namespace {

constexpr std::size_t kTakenLevelsExpected = 1024;  // reserved at start; more would only allocate

std::uint64_t holding_key(InstrumentId instrument, Outcome outcome) noexcept {
  return mix64(instrument.value, static_cast<std::uint64_t>(outcome) + 1) | 1;
}

// Buying Yes and selling No take from the asks, the other two from the bids.
BookSide taken_side(const OrderRequest& order) noexcept {
  const bool wants_yes = (order.outcome == Outcome::Yes) == (order.side == Side::Buy);
  return wants_yes ? BookSide::Ask : BookSide::Bid;
}

// The price of the order's own outcome at a level of the Yes frame.
Price outcome_price(const OrderRequest& order, Price yes_price) noexcept {
  return order.outcome == Outcome::Yes ? yes_price : complement(yes_price);
}

bool is_within_limit(const OrderRequest& order, Price price) noexcept {
  return order.side == Side::Buy ? price <= order.limit : price >= order.limit;
}

// Inserts so that the earliest stays last; equal times keep their order of insertion.
template <class Items, class Item, class TimeOf>
void insert_by_time(Items& items, Item&& item, TimeOf&& time_of) {
  const auto position =
      std::find_if(items.begin(), items.end(), [&](const auto& other) { return time_of(other) <= time_of(item); });
  items.insert(position, std::forward<Item>(item));
}

}  // namespace

SimulatedExchange::SimulatedExchange(const Capacity& capacity, const LatencyModel& latency, std::uint64_t seed)
    : market_(capacity), latency_(latency), random_(seed), held_(capacity.positions) {
  taken_.reserve(kTakenLevelsExpected);
  arrivals_.reserve(capacity.open_orders);
  answers_.reserve(capacity.open_orders * 4);
  fills_.reserve(256);
}

void SimulatedExchange::submit(const Outputs& outputs, Timestamp now) {
  for (const OrderCommand& command : outputs.orders) {
    if (command.action != OrderAction::Submit) continue;  // IOC and FOK orders never rest: nothing to cancel
    const Timestamp at = now + latency_.draw(command.order.venue, random_);
    insert_by_time(arrivals_, Arrival{at, command.order}, [](const Arrival& a) { return a.at; });
  }
}

void SimulatedExchange::observe(const Event& event) {
  if (const auto* cash = std::get_if<CashSnapshot>(&event.body)) {
    cash_[static_cast<std::size_t>(cash->venue)] = cash->cash;
    return;
  }
  if (const auto* settled = std::get_if<ContractSettled>(&event.body)) {
    settle(*settled);
    market_.release(settled->id);
    return;
  }
  market_.apply(event);
  if (taken_.empty()) return;
  if (const auto* update = std::get_if<BookUpdate>(&event.body)) forget_taken(*update);
}

void SimulatedExchange::advance(Timestamp now) {
  while (!arrivals_.empty() && arrivals_.back().at <= now) {
    const Arrival arrival = arrivals_.back();
    arrivals_.pop_back();
    execute(arrival);
  }
}

bool SimulatedExchange::poll(Timestamp now, Event& event) {
  if (answers_.empty() || answers_.back().received_at > now) return false;
  event = answers_.back();
  answers_.pop_back();
  return true;
}

Timestamp SimulatedExchange::next_due() const noexcept {
  Timestamp due = Timestamp::max();
  if (!arrivals_.empty()) due = arrivals_.back().at;
  if (!answers_.empty()) due = std::min(due, answers_.back().received_at);
  return due;
}

RejectReason SimulatedExchange::refusal(const OrderRequest& order, Timestamp now) const noexcept {
  const Contract* contract = market_.find(order.instrument);
  if (contract == nullptr || contract->not_tradable(now) != NotTradable::None) return RejectReason::MarketClosed;
  if (now > order.deadline) return RejectReason::Deadline;
  const Price yes_limit = order.outcome == Outcome::Yes ? order.limit : complement(order.limit);
  if (!contract->terms.grid.contains(yes_limit)) return RejectReason::OffTick;
  if (!order.quantity.is_positive() || order.quantity < contract->terms.minimum_order) return RejectReason::TooSmall;
  if (contract->book.status() != BookStatus::Proven) return RejectReason::NoLiquidity;
  if (order.side == Side::Buy) return RejectReason::None;
  const Quantity* held = held_.find(holding_key(order.instrument, order.outcome));
  return held != nullptr && *held >= order.quantity ? RejectReason::None : RejectReason::InsufficientBalance;
}

void SimulatedExchange::execute(const Arrival& arrival) {
  const OrderRequest& order = arrival.order;
  const RejectReason reason = refusal(order, arrival.at);
  const Timestamp heard = arrival.at + latency_.draw(order.venue, random_);
  if (reason != RejectReason::None) {
    fills_.clear();
    answer(order, heard, OrderState::Rejected, reason);
    return;
  }
  walk_book(order);
  Quantity filled;
  Money spent;
  for (const Fill& fill : fills_) {
    filled += fill.quantity;
    spent += fill.price * fill.quantity + fill.fee;
  }
  const bool too_dear = order.side == Side::Buy && spent > cash_[static_cast<std::size_t>(order.venue)];
  const bool killed = order.time_in_force == TimeInForce::FillOrKill && filled < order.quantity;
  if (too_dear || killed || filled.is_zero()) {
    fills_.clear();
    answer(order, heard, too_dear ? OrderState::Rejected : OrderState::Canceled,
           too_dear ? RejectReason::InsufficientBalance : RejectReason::NoLiquidity);
    return;
  }
  for (const Fill& fill : fills_) take(order, fill);
  const bool complete = filled == order.quantity;
  answer(order, heard, complete ? OrderState::Filled : OrderState::PartlyFilled,
         complete ? RejectReason::None : RejectReason::NoLiquidity);
}

void SimulatedExchange::walk_book(const OrderRequest& order) {
  fills_.clear();
  const Contract& contract = *market_.find(order.instrument);
  Quantity left = order.quantity;
  const auto visit = [&](Price yes_price, Quantity displayed) noexcept {
    const Price price = outcome_price(order, yes_price);
    if (!is_within_limit(order, price)) return false;
    const Quantity quantity = std::min(left, available_at(order, yes_price, displayed));
    if (quantity.is_positive()) {
      const auto exact = fee(contract.terms.fees, Role::Taker, price, quantity);
      if (!exact) return false;  // not_tradable() refuses unknown fees before an order gets here
      fills_.push_back(Fill{price, quantity, *exact});
      left -= quantity;
    }
    return left.is_positive() && fills_.size() < fills_.capacity();
  };
  if (taken_side(order) == BookSide::Ask) {
    contract.book.asks().walk_up(visit);
  } else {
    contract.book.bids().walk_down(visit);
  }
}

Quantity SimulatedExchange::available_at(const OrderRequest& order, Price yes_price,
                                         Quantity displayed) const noexcept {
  Quantity available = displayed;
  for (const TakenLevel& taken : taken_) {
    if (taken.instrument == order.instrument && taken.side == taken_side(order) && taken.price == yes_price) {
      available -= taken.quantity;
    }
  }
  return std::max(Quantity{}, available);
}

void SimulatedExchange::take(const OrderRequest& order, const Fill& fill) {
  const Price yes_price = outcome_price(order, fill.price);  // the map is its own inverse
  taken_.push_back(TakenLevel{order.instrument, yes_price, fill.quantity, taken_side(order)});
  Money& cash = cash_[static_cast<std::size_t>(order.venue)];
  Quantity* held = held_.insert(holding_key(order.instrument, order.outcome));
  ARBEES_ASSERT(held != nullptr);
  if (order.side == Side::Buy) {
    cash -= fill.price * fill.quantity + fill.fee;
    *held += fill.quantity;
  } else {
    cash += fill.price * fill.quantity - fill.fee;
    *held -= fill.quantity;
  }
}

void SimulatedExchange::answer(const OrderRequest& order, Timestamp at, OrderState state, RejectReason reason) {
  const auto time_of = [](const Event& event) { return event.received_at; };
  OrderUpdate update;
  update.id = order.id;
  update.instrument = order.instrument;
  for (std::size_t i = 0; i < fills_.size(); ++i) {
    update.venue_fill_id = next_fill_id_++;
    update.fill_price = fills_[i].price;
    update.fill_quantity = fills_[i].quantity;
    update.fee = fills_[i].fee;
    update.filled_total += fills_[i].quantity;
    const bool last = i + 1 == fills_.size();
    update.state = last ? state : OrderState::Pending;
    update.reason = last ? reason : RejectReason::None;
    insert_by_time(answers_, Event{at, at, 0, update}, time_of);
  }
  if (!fills_.empty()) return;
  update.state = state;
  update.reason = reason;
  insert_by_time(answers_, Event{at, at, 0, update}, time_of);
}

void SimulatedExchange::forget_taken(const BookUpdate& update) {
  std::erase_if(taken_, [&](const TakenLevel& taken) {
    // A snapshot refreshes every level of the book, a change its own.
    return taken.instrument == update.id &&
           (update.action == BookAction::Clear || (taken.side == update.side && taken.price == update.price));
  });
}

void SimulatedExchange::settle(const ContractSettled& settled) {
  const Contract* contract = market_.find(settled.id);
  if (contract == nullptr) return;
  std::erase_if(taken_, [&](const TakenLevel& taken) { return taken.instrument == settled.id; });
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    const std::uint64_t key = holding_key(settled.id, outcome);
    const Quantity* held = held_.find(key);
    if (held == nullptr) continue;
    const Price payout = outcome == Outcome::Yes ? settled.payout : complement(settled.payout);
    cash_[static_cast<std::size_t>(contract->terms.venue)] += payout * *held;
    held_.erase(key);
  }
}

}  // namespace arbees
