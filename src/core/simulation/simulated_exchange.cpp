#include "core/simulation/simulated_exchange.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/market/minimum_order.h"

namespace arbees {
namespace {

constexpr std::size_t kTakenLevelsExpected = 1024;  // reserved at start; more would only allocate
constexpr std::size_t kAnswersRemembered = 8192;

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

SimulatedExchange::SimulatedExchange(const Capacity& capacity, const LatencyModel& latency, std::uint64_t seed,
                                     const ExchangeFaults& faults)
    : market_(capacity),
      latency_(latency),
      random_(seed),
      faults_(faults),
      told_(kAnswersRemembered),
      resting_(capacity.open_orders),
      held_(capacity.positions) {
  taken_.reserve(kTakenLevelsExpected);
  arrivals_.reserve(capacity.open_orders);
  answers_.reserve(capacity.open_orders * 4);
  unsettled_.reserve(capacity.open_orders * 4);
  fills_.reserve(256);
}

void SimulatedExchange::submit(const Outputs& outputs, Timestamp now) {
  for (const OrderCommand& command : outputs.orders) {
    const Timestamp at = now + latency_.draw(command.order.venue, random_);
    const bool is_order = command.action == OrderAction::Submit;
    if (is_order && faults_.lost_orders != 0 && random_.chance(faults_.lost_orders, 1000)) continue;
    insert_by_time(arrivals_, Arrival{at, command}, [](const Arrival& a) { return a.at; });
  }
}

void SimulatedExchange::observe(const Event& event) {
  if (const auto* cash = std::get_if<CashSnapshot>(&event.body)) {
    cash_[static_cast<std::size_t>(cash->venue)] = cash->cash;
    return;
  }
  if (const auto* position = std::get_if<PositionSnapshot>(&event.body)) {
    const Quantity before = held(position->id, position->outcome);
    return change_held(position->id, position->outcome, position->quantity - before);
  }
  if (const auto* settled = std::get_if<ContractSettled>(&event.body)) {
    settle(*settled, event.received_at);
    market_.release(settled->id);
    return;
  }
  market_.apply(event);
  if (!taken_.empty()) {
    if (const auto* update = std::get_if<BookUpdate>(&event.body)) forget_taken(*update);
  }
  if (!resting_.empty()) on_market(event);
}

// What the market's trades and quotes do to orders of ours that rest.
void SimulatedExchange::on_market(const Event& event) {
  const Timestamp now = event.received_at;
  const auto fill = [&](RestingOrder& resting, Quantity quantity) { fill_resting(resting, quantity, now); };
  if (const auto* trade = std::get_if<ContractTrade>(&event.body)) {
    resting_.on_trade(*trade, fill);
  } else if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
    const Contract* contract = market_.find(update->id);
    if (contract == nullptr || contract->book.fault() != BookFault::None) return;
    resting_.on_level(*update, contract->book.quantity_at(update->side, update->price), fill);
  } else {
    return;
  }
  resting_.remove_full();
}

void SimulatedExchange::advance(Timestamp now) {
  while (!arrivals_.empty() && arrivals_.back().at <= now) {
    const Arrival arrival = arrivals_.back();
    arrivals_.pop_back();
    arrive(arrival);
  }
  if (!unsettled_.empty()) advance_settlement(now);
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
  for (const Unsettled& unsettled : unsettled_) due = std::min(due, unsettled.at);
  return due;
}

Quantity SimulatedExchange::held(InstrumentId instrument, Outcome outcome) const noexcept {
  const Quantity* held = held_.find(holding_key(instrument, outcome));
  return held == nullptr ? Quantity{} : *held;
}

Money SimulatedExchange::spendable(Venue venue) const noexcept {
  return cash_[static_cast<std::size_t>(venue)] + paid_for_pairs_[static_cast<std::size_t>(venue)];
}

Money SimulatedExchange::paid_for_pairs(const Contract& contract) const noexcept {
  if (!pays_pairs_at_once(contract.terms.venue)) return {};
  return kPriceOne * std::max(Quantity{}, std::min(held(contract.id, Outcome::Yes), held(contract.id, Outcome::No)));
}

// Who sells one half of a pair buys the other: the dollar goes back.
Money SimulatedExchange::for_broken_pairs(const OrderRequest& order, Quantity sold) const noexcept {
  if (!pays_pairs_at_once(order.venue)) return {};
  const Outcome other = order.outcome == Outcome::Yes ? Outcome::No : Outcome::Yes;
  const Quantity alone = std::max(Quantity{}, held(order.instrument, order.outcome) - held(order.instrument, other));
  return kPriceOne * std::max(Quantity{}, sold - alone);
}

void SimulatedExchange::change_held(InstrumentId instrument, Outcome outcome, Quantity quantity) {
  const Contract* contract = market_.find(instrument);
  if (contract == nullptr) return;  // settled meanwhile, or never listed
  Money& paid = paid_for_pairs_[static_cast<std::size_t>(contract->terms.venue)];
  paid -= paid_for_pairs(*contract);
  Quantity* held = held_.insert(holding_key(instrument, outcome));
  ARBEES_ASSERT(held != nullptr);
  *held += quantity;
  paid += paid_for_pairs(*contract);
}

RejectReason SimulatedExchange::refusal(const OrderRequest& order, Timestamp now) const noexcept {
  const Contract* contract = market_.find(order.instrument);
  if (contract == nullptr || contract->not_tradable(now) != NotTradable::None) return RejectReason::MarketClosed;
  if (now > order.deadline) return RejectReason::Deadline;
  const Price yes_limit = order.outcome == Outcome::Yes ? order.limit : complement(order.limit);
  if (!contract->terms.grid.contains(yes_limit)) return RejectReason::OffTick;
  // What rests takes nothing: the value of a post-only order may be less.
  const bool takes = order.time_in_force != TimeInForce::PostOnly;
  const bool is_small = takes ? is_below_minimum(contract->terms, order.side, order.limit, order.quantity)
                              : order.quantity < contract->terms.minimum_order;
  if (!order.quantity.is_positive() || is_small) return RejectReason::TooSmall;
  if (contract->book.status() != BookStatus::Proven) return RejectReason::NoLiquidity;
  if (order.side == Side::Buy) return RejectReason::None;
  const Quantity* held = held_.find(holding_key(order.instrument, order.outcome));
  return held != nullptr && *held >= order.quantity ? RejectReason::None : RejectReason::InsufficientBalance;
}

void SimulatedExchange::arrive(const Arrival& arrival) {
  const OrderRequest& order = arrival.command.order;
  switch (arrival.command.action) {
    case OrderAction::Submit: return execute(order, arrival.at);
    case OrderAction::Cancel: return cancel(order, arrival.at);
    case OrderAction::Query: return query(order, arrival.at);
  }
}

void SimulatedExchange::execute(const OrderRequest& order, Timestamp at) {
  fills_.clear();
  const RejectReason reason = refusal(order, at);
  if (reason != RejectReason::None) return answer(order, at, OrderState::Rejected, reason);
  walk_book(order);
  if (order.time_in_force == TimeInForce::PostOnly) {
    const bool would_take = !fills_.empty();
    fills_.clear();
    return would_take ? answer(order, at, OrderState::Rejected, RejectReason::WouldCross) : rest(order, at);
  }
  Quantity filled;
  Money spent;
  Money proceeds;
  for (const Fill& fill : fills_) {
    filled += fill.quantity;
    spent += fill.price * fill.quantity + fill.fee;
    proceeds += fill.price * fill.quantity - fill.fee;
  }
  const Money needed = order.side == Side::Buy ? spent : for_broken_pairs(order, filled) - proceeds;
  const bool too_dear = needed.is_positive() && needed > spendable(order.venue);
  const bool killed = order.time_in_force == TimeInForce::FillOrKill && filled < order.quantity;
  if (too_dear || killed || filled.is_zero()) {
    fills_.clear();
    return answer(order, at, too_dear ? OrderState::Rejected : OrderState::Canceled,
                  too_dear ? RejectReason::InsufficientBalance : RejectReason::NoLiquidity);
  }
  for (Fill& fill : fills_) {
    fill.id = next_fill_id_++;
    book(order, fill, at);
    taken_.push_back(TakenLevel{order.instrument, outcome_price(order, fill.price), fill.quantity, taken_side(order)});
  }
  const bool complete = filled == order.quantity;
  answer(order, at, complete ? OrderState::Filled : OrderState::PartlyFilled,
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

void SimulatedExchange::book(const OrderRequest& order, const Fill& fill, Timestamp at) {
  Money& cash = cash_[static_cast<std::size_t>(order.venue)];
  if (order.side == Side::Buy) {
    cash -= fill.price * fill.quantity + fill.fee;
    change_held(order.instrument, order.outcome, fill.quantity);
  } else {
    cash += fill.price * fill.quantity - fill.fee;
    change_held(order.instrument, order.outcome, -fill.quantity);
  }
  if (order.venue != Venue::Polymarket) return;
  const bool fails = faults_.failed_settlements != 0 && random_.chance(faults_.failed_settlements, 1000);
  unsettled_.push_back(Unsettled{at + faults_.mined_after, order, fill, false, fails});
}

// ---- Orders that rest. ----

void SimulatedExchange::rest(const OrderRequest& order, Timestamp at) {
  const Contract& contract = *market_.find(order.instrument);
  RestingOrder resting;
  resting.order = order;
  resting.yes_price = outcome_price(order, order.limit);
  resting.side = taken_side(order) == BookSide::Ask ? BookSide::Bid : BookSide::Ask;
  resting.ahead = contract.book.quantity_at(resting.side, resting.yes_price);
  resting_.add(resting);
  answer(order, at, OrderState::Resting, RejectReason::None);
}

void SimulatedExchange::fill_resting(RestingOrder& resting, Quantity quantity, Timestamp now) {
  const Contract* contract = market_.find(resting.order.instrument);
  if (contract == nullptr || !quantity.is_positive()) return;
  const auto charged = fee(contract->terms.fees, Role::Maker, resting.order.limit, quantity);
  if (!charged) return;
  const Money spent = resting.order.limit * quantity + *charged;
  if (resting.order.side == Side::Buy && spent > spendable(resting.order.venue)) return;
  const Fill fill{resting.order.limit, quantity, *charged, next_fill_id_++};
  book(resting.order, fill, now);
  resting.filled += quantity;
  OrderUpdate update;
  update.id = resting.order.id;
  update.instrument = resting.order.instrument;
  update.venue_fill_id = fill.id;
  update.fill_price = fill.price;
  update.fill_quantity = fill.quantity;
  update.fee = fill.fee;
  update.filled_total = resting.filled;
  update.state = resting.left().is_positive() ? OrderState::Resting : OrderState::Filled;
  update.is_taker = 0;
  tell(resting.order.venue, update, now + latency_.draw(resting.order.venue, random_), false);
}

void SimulatedExchange::end_resting(const RestingOrder& resting, OrderState state, RejectReason reason, Timestamp at) {
  OrderUpdate update;
  update.id = resting.order.id;
  update.instrument = resting.order.instrument;
  update.filled_total = resting.filled;
  update.state = state;
  update.reason = reason;
  update.is_taker = 0;
  tell(resting.order.venue, update, at + latency_.draw(resting.order.venue, random_), false);
}

void SimulatedExchange::cancel(const OrderRequest& order, Timestamp at) {
  const RestingOrder* resting = resting_.find(order.id);
  if (resting == nullptr) return;  // it has its end already, or will have it when it arrives
  const bool is_partly = resting->filled.is_positive();
  end_resting(*resting, is_partly ? OrderState::PartlyFilled : OrderState::Canceled, RejectReason::None, at);
  resting_.remove(order.id);
}

// ---- Answers. ----

// All that was told of the order comes again; one that is still on its way is pending.
void SimulatedExchange::query(const OrderRequest& order, Timestamp at) {
  const Timestamp heard = at + latency_.draw(order.venue, random_);
  bool is_known = false;
  for (std::size_t i = 0; i < told_.size(); ++i) {
    const OrderUpdate update = told_[(next_told_ + i) % told_.size()];
    if (update.id != order.id) continue;
    is_known = true;
    insert_by_time(answers_, Event{heard, heard, 0, update}, [](const Event& event) { return event.received_at; });
  }
  if (is_known) return;
  OrderUpdate update;
  update.id = order.id;
  update.instrument = order.instrument;
  const bool is_on_its_way = std::any_of(arrivals_.begin(), arrivals_.end(), [&](const Arrival& arrival) {
    return arrival.command.action == OrderAction::Submit && arrival.command.order.id == order.id;
  });
  update.state = is_on_its_way ? OrderState::Pending : OrderState::Rejected;
  update.reason = is_on_its_way ? RejectReason::None : RejectReason::NotSent;
  insert_by_time(answers_, Event{heard, heard, 0, update}, [](const Event& event) { return event.received_at; });
}

void SimulatedExchange::remember(const OrderUpdate& update) noexcept {
  told_[next_told_] = update;
  next_told_ = (next_told_ + 1) % told_.size();
}

void SimulatedExchange::tell(Venue, const OrderUpdate& update, Timestamp at, bool is_lost) {
  remember(update);
  if (is_lost) return;
  const auto time_of = [](const Event& event) { return event.received_at; };
  insert_by_time(answers_, Event{at, at, 0, update}, time_of);
  const bool is_repeated = faults_.repeated_answers != 0 && random_.chance(faults_.repeated_answers, 1000);
  if (is_repeated) insert_by_time(answers_, Event{at, at, 0, update}, time_of);
}

void SimulatedExchange::answer(const OrderRequest& order, Timestamp at, OrderState state, RejectReason reason) {
  const Timestamp heard = at + latency_.draw(order.venue, random_);
  const bool is_lost = faults_.lost_answers != 0 && random_.chance(faults_.lost_answers, 1000);
  const bool is_late = faults_.late_fills != 0 && !fills_.empty() && random_.chance(faults_.late_fills, 1000);
  OrderUpdate update;
  update.id = order.id;
  update.instrument = order.instrument;
  if (is_late || fills_.empty()) {
    update.state = is_late ? OrderState::Canceled : state;
    update.reason = is_late ? RejectReason::None : reason;
    tell(order.venue, update, heard, is_lost);
  }
  Timestamp told = heard;
  if (is_late) told += Duration(random_.between(1, faults_.latest_fill.count()));
  for (std::size_t i = 0; i < fills_.size(); ++i) {
    update.venue_fill_id = fills_[i].id;
    update.fill_price = fills_[i].price;
    update.fill_quantity = fills_[i].quantity;
    update.fee = fills_[i].fee;
    update.filled_total += fills_[i].quantity;
    const bool is_last = i + 1 == fills_.size();
    update.state = is_last ? state : OrderState::Pending;
    update.reason = is_last ? reason : RejectReason::None;
    tell(order.venue, update, told, is_lost);
  }
}

// ---- Settlement: of fills on chain, and of contracts. ----

void SimulatedExchange::tell_finality(const Unsettled& unsettled, FillFinality finality, Timestamp at) {
  FillFinalityChanged changed;
  changed.id = unsettled.order.id;
  changed.venue_fill_id = unsettled.fill.id;
  changed.finality = finality;
  insert_by_time(answers_, Event{at, at, 0, changed}, [](const Event& event) { return event.received_at; });
}

void SimulatedExchange::advance_settlement(Timestamp now) {
  for (Unsettled& unsettled : unsettled_) {
    if (unsettled.at > now) continue;
    if (!unsettled.is_mined) {
      tell_finality(unsettled, FillFinality::Mined, unsettled.at);
      unsettled.is_mined = true;
      unsettled.at += faults_.final_after - faults_.mined_after;
      continue;
    }
    // What it brought may be gone already: then it has settled before the sale that took it.
    const Quantity left = held(unsettled.order.instrument, unsettled.order.outcome);
    const bool fails = unsettled.fails && (unsettled.order.side == Side::Sell || left >= unsettled.fill.quantity);
    tell_finality(unsettled, fails ? FillFinality::Failed : FillFinality::Confirmed, unsettled.at);
    if (fails) undo(unsettled);
    unsettled.at = kNoTime;
  }
  std::erase_if(unsettled_, [](const Unsettled& unsettled) { return unsettled.at == kNoTime; });
}

void SimulatedExchange::undo(const Unsettled& unsettled) {
  const Fill& fill = unsettled.fill;
  Money& cash = cash_[static_cast<std::size_t>(unsettled.order.venue)];
  if (unsettled.order.side == Side::Buy) {
    cash += fill.price * fill.quantity + fill.fee;
    change_held(unsettled.order.instrument, unsettled.order.outcome, -fill.quantity);
  } else {
    cash -= fill.price * fill.quantity - fill.fee;
    change_held(unsettled.order.instrument, unsettled.order.outcome, fill.quantity);
  }
}

void SimulatedExchange::forget_taken(const BookUpdate& update) {
  std::erase_if(taken_, [&](const TakenLevel& taken) {
    // A snapshot refreshes every level of the book, a change its own.
    return taken.instrument == update.id &&
           (update.action == BookAction::Clear || (taken.side == update.side && taken.price == update.price));
  });
}

void SimulatedExchange::settle(const ContractSettled& settled, Timestamp now) {
  const Contract* contract = market_.find(settled.id);
  if (contract == nullptr) return;
  std::erase_if(taken_, [&](const TakenLevel& taken) { return taken.instrument == settled.id; });
  resting_.remove_all_of(settled.id, [&](const RestingOrder& resting) {
    const bool is_partly = resting.filled.is_positive();
    end_resting(resting, is_partly ? OrderState::PartlyFilled : OrderState::Canceled, RejectReason::MarketClosed, now);
  });
  // The chain is done with a contract before it pays.
  for (const Unsettled& unsettled : unsettled_) {
    if (unsettled.order.instrument == settled.id) tell_finality(unsettled, FillFinality::Confirmed, now);
  }
  std::erase_if(unsettled_, [&](const Unsettled& each) { return each.order.instrument == settled.id; });
  const Venue venue = contract->terms.venue;
  paid_for_pairs_[static_cast<std::size_t>(venue)] -= paid_for_pairs(*contract);
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    const std::uint64_t key = holding_key(settled.id, outcome);
    const Quantity* held = held_.find(key);
    if (held == nullptr) continue;
    const Price payout = outcome == Outcome::Yes ? settled.payout : complement(settled.payout);
    cash_[static_cast<std::size_t>(venue)] += payout * *held;
    held_.erase(key);
  }
}

}  // namespace arbees
