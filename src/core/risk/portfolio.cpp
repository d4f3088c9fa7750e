#include "core/risk/portfolio.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/base/wide_int.h"

namespace arbees {
namespace {

std::uint64_t position_key(InstrumentId instrument, Outcome outcome) noexcept {
  const std::uint64_t key = mix64(instrument.value, static_cast<std::uint64_t>(outcome) + 1);
  return key == 0 ? 1 : key;
}

// cost × part / whole, rounded down.
Money share_of_cost(Money cost, Quantity part, Quantity whole) noexcept {
  const Int128 units = static_cast<Int128>(cost.units()) * part.units() / whole.units();
  return Money::from_units(static_cast<std::int64_t>(units));
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
    const Money counted = std::max(position->cost, Money{});
    add_exposure(position->venue, position->asset, position->strategy, -counted);
    add_exposure(position->venue, position->asset, strategy, counted);
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

void Portfolio::change(Position& position, Quantity quantity, Money cost) noexcept {
  const Money before = std::max(position.cost, Money{});
  position.quantity += quantity;
  position.cost += cost;
  if (position.quantity.is_zero()) position.cost = Money{};
  add_exposure(position.venue, position.asset, position.strategy, std::max(position.cost, Money{}) - before);
  if (position.quantity.is_zero()) positions_.erase(position_key(position.instrument, position.outcome));
}

Money Portfolio::apply_fill(const OrderRequest& order, Strategy strategy, const BookedFill& fill) noexcept {
  const Money gross = fill.price * fill.quantity;
  Position& position = position_for(order, strategy);
  if (order.side == Side::Buy) {
    cash_[index(order.venue)] -= gross + fill.fee;
    change(position, fill.quantity, gross + fill.fee);
    return Money{};
  }
  cash_[index(order.venue)] += gross - fill.fee;
  // A venue sells no more than there is; what it tells otherwise is told in another order than it happened.
  const bool is_partial = fill.quantity < position.quantity;
  const Money cost = is_partial ? share_of_cost(position.cost, fill.quantity, position.quantity) : position.cost;
  change(position, -fill.quantity, -cost);
  return cost;
}

void Portfolio::revert_fill(const OrderRequest& order, Strategy strategy, const BookedFill& fill) noexcept {
  const Money gross = fill.price * fill.quantity;
  Position& position = position_for(order, strategy);
  if (order.side == Side::Buy) {
    cash_[index(order.venue)] += gross + fill.fee;
    change(position, -fill.quantity, -(gross + fill.fee));
    return;
  }
  cash_[index(order.venue)] -= gross - fill.fee;
  change(position, fill.quantity, fill.sold_cost);
}

Position Portfolio::settle(InstrumentId instrument, Outcome outcome, Price payout) noexcept {
  Position* held = positions_.find(position_key(instrument, outcome));
  if (held == nullptr) return {};
  const Position position = *held;
  cash_[index(position.venue)] += payout * position.quantity;
  change(*held, -position.quantity, -position.cost);
  return position;
}

void Portfolio::restore(const Position& position) noexcept {
  Position* slot = positions_.insert(position_key(position.instrument, position.outcome));
  ARBEES_ASSERT(slot != nullptr);
  const Money before = std::max(slot->cost, Money{});
  if (!before.is_zero()) add_exposure(slot->venue, slot->asset, slot->strategy, -before);
  add_exposure(position.venue, position.asset, position.strategy, std::max(position.cost, Money{}));
  *slot = position;
}

}  // namespace arbees
