#include "core/risk/portfolio.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/market/held_cost.h"

namespace arbees {
namespace {

std::uint64_t position_key(InstrumentId instrument, Outcome outcome) noexcept {
  const std::uint64_t key = mix64(instrument.value, static_cast<std::uint64_t>(outcome) + 1);
  return key == 0 ? 1 : key;
}

}  // namespace

const Position* Portfolio::find(InstrumentId instrument, Outcome outcome) const noexcept {
  return positions_.find(position_key(instrument, outcome));
}

void Portfolio::add_exposure(Venue venue, Asset asset, Strategy strategy, Money amount) noexcept {
  asset_exposure_[index(asset)] += amount;
  venue_exposure_[index(venue)] += amount;
  strategy_exposure_[index(strategy)] += amount;
  total_exposure_ += amount;
  ARBEES_ASSERT(!asset_exposure_[index(asset)].is_negative());
  ARBEES_ASSERT(!strategy_exposure_[index(strategy)].is_negative());
}

void Portfolio::reserve(const Holding& holding, Quantity quantity, Money amount) noexcept {
  reserved_cash_[index(holding.venue)] += amount;
  add_exposure(holding.venue, holding.asset, holding.strategy, amount);
  Reservation* reservation = reservations_.insert(position_key(holding.instrument, holding.outcome));
  ARBEES_ASSERT(reservation != nullptr);  // no more keys than orders and legs
  // One contract may be wanted by requests of two kinds: each exposure is kept where it was added.
  reservation->holding = holding;
  reservation->quantity += quantity;
  reservation->amount += amount;
}

void Portfolio::release(const Holding& holding, Quantity quantity, Money amount) noexcept {
  reserved_cash_[index(holding.venue)] -= amount;
  ARBEES_ASSERT(!reserved_cash_[index(holding.venue)].is_negative());
  add_exposure(holding.venue, holding.asset, holding.strategy, -amount);
  const std::uint64_t key = position_key(holding.instrument, holding.outcome);
  Reservation* reservation = reservations_.find(key);
  ARBEES_ASSERT(reservation != nullptr && reservation->amount >= amount);
  reservation->quantity -= quantity;
  reservation->amount -= amount;
  if (!reservation->quantity.is_positive() && reservation->amount.is_zero()) reservations_.erase(key);
}

Position& Portfolio::position_for(const OrderRequest& order, Strategy strategy) noexcept {
  Position* position = positions_.insert(position_key(order.instrument, order.outcome));
  ARBEES_ASSERT(position != nullptr);  // the risk gate refuses new positions when the table is full
  if (position->instrument == order.instrument) {
    if (strategy <= position->strategy) return *position;
    add_exposure(position->venue, position->asset, position->strategy, -position->cost);
    add_exposure(position->venue, position->asset, strategy, position->cost);
    position->strategy = strategy;
    return *position;
  }
  position->instrument = order.instrument;
  position->outcome = order.outcome;
  position->venue = order.venue;
  position->asset = order.asset;
  position->strategy = strategy;
  return *position;
}

Money Portfolio::paid_for_pairs(InstrumentId instrument) const noexcept {
  const Position* yes = find(instrument, Outcome::Yes);
  const Position* no = find(instrument, Outcome::No);
  if (yes == nullptr || no == nullptr || !pays_pairs_at_once(yes->venue)) return {};
  return kPriceOne * std::max(Quantity{}, std::min(yes->quantity, no->quantity));
}

// What goes away counts as spent first: never too much is left.
void Portfolio::change_paid(Venue venue, Money amount) noexcept {
  paid_for_pairs_[index(venue)] += amount;
  if (amount.is_negative()) pair_cash_[index(venue)] = std::max(Money{}, pair_cash_[index(venue)] + amount);
}

Money Portfolio::change(Position& position, Quantity quantity, Money cost) noexcept {
  const HeldCost after = changed({position.quantity, position.cost}, quantity, cost);
  const Money difference = after.cost - position.cost;
  const Money paid = paid_for_pairs(position.instrument);
  position.quantity = after.quantity;
  position.cost = after.cost;
  change_paid(position.venue, paid_for_pairs(position.instrument) - paid);
  add_exposure(position.venue, position.asset, position.strategy, difference);
  if (position.quantity.is_zero()) positions_.erase(position_key(position.instrument, position.outcome));
  return difference;
}

Portfolio::Booked Portfolio::apply_fill(const OrderRequest& order, Strategy strategy, const BookedFill& fill) noexcept {
  const Money gross = fill.price * fill.quantity;
  Position& position = position_for(order, strategy);
  Booked booked;
  if (order.side == Side::Buy) {
    booked.cash = -(gross + fill.fee);
    booked.cost = change(position, fill.quantity, gross + fill.fee);
  } else {
    booked.cash = gross - fill.fee;
    booked.cost = change(position, -fill.quantity, -cost_of_sale({position.quantity, position.cost}, fill.quantity));
  }
  cash_[index(order.venue)] += booked.cash;
  return booked;
}

Portfolio::Booked Portfolio::revert_fill(const OrderRequest& order, Strategy strategy,
                                         const BookedFill& fill) noexcept {
  const Money gross = fill.price * fill.quantity;
  Position& position = position_for(order, strategy);
  Booked booked;
  if (order.side == Side::Buy) {
    booked.cash = gross + fill.fee;
    booked.cost = change(position, -fill.quantity, -(gross + fill.fee));
  } else {
    booked.cash = -(gross - fill.fee);
    booked.cost = change(position, fill.quantity, fill.sold_cost);
  }
  cash_[index(order.venue)] += booked.cash;
  return booked;
}

Position Portfolio::settle(InstrumentId instrument, Outcome outcome, Price payout) noexcept {
  Position* held = positions_.find(position_key(instrument, outcome));
  if (held == nullptr) return {};
  const Position position = *held;
  const std::size_t venue = index(position.venue);
  const Money paid = paid_for_pairs_[venue];
  cash_[venue] += payout * position.quantity;
  static_cast<void>(change(*held, -position.quantity, -position.cost));
  // Half of a pair has been paid with it, long ago.
  if (is_paid_late_[venue]) unpaid_[venue] += payout * position.quantity + (paid_for_pairs_[venue] - paid);
  return position;
}

void Portfolio::name_asset(InstrumentId instrument, Asset asset) noexcept {
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    Position* held = positions_.find(position_key(instrument, outcome));
    if (held == nullptr || held->asset != Asset::Unknown) continue;
    add_exposure(held->venue, held->asset, held->strategy, -held->cost);
    held->asset = asset;
    add_exposure(held->venue, held->asset, held->strategy, held->cost);
  }
}

void Portfolio::restore(const Position& position) noexcept {
  Position* slot = positions_.insert(position_key(position.instrument, position.outcome));
  ARBEES_ASSERT(slot != nullptr);
  if (!slot->cost.is_zero()) add_exposure(slot->venue, slot->asset, slot->strategy, -slot->cost);
  const Money paid = paid_for_pairs(position.instrument);
  *slot = position;
  change_paid(position.venue, paid_for_pairs(position.instrument) - paid);
  free_pair_cash();
  slot->cost = std::max(position.cost, Money{});
  add_exposure(slot->venue, slot->asset, slot->strategy, slot->cost);
}

}  // namespace arbees
