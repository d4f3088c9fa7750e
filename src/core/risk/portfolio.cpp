#include "core/risk/portfolio.h"

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

void Portfolio::add_exposure(Asset asset, Money amount) noexcept {
  asset_exposure_[index(asset)] += amount;
  total_exposure_ += amount;
  ARBEES_ASSERT(!asset_exposure_[index(asset)].is_negative());
}

void Portfolio::reserve(Venue venue, Asset asset, Money amount) noexcept {
  reserved_cash_[index(venue)] += amount;
  add_exposure(asset, amount);
}

void Portfolio::release(Venue venue, Asset asset, Money amount) noexcept {
  reserved_cash_[index(venue)] -= amount;
  ARBEES_ASSERT(!reserved_cash_[index(venue)].is_negative());
  add_exposure(asset, -amount);
}

void Portfolio::apply_fill(const OrderRequest& order, Price price, Quantity quantity, Money fee) noexcept {
  const Money gross = price * quantity;
  const std::uint64_t key = position_key(order.instrument, order.outcome);
  if (order.side == Side::Buy) {
    Position* position = positions_.insert(key);
    ARBEES_ASSERT(position != nullptr);  // the risk gate refuses new positions when the table is full
    position->instrument = order.instrument;
    position->outcome = order.outcome;
    position->venue = order.venue;
    position->asset = order.asset;
    position->quantity += quantity;
    position->cost += gross + fee;
    cash_[index(order.venue)] -= gross + fee;
    add_exposure(order.asset, gross + fee);
    return;
  }
  Position* position = positions_.find(key);
  ARBEES_ASSERT(position != nullptr && position->quantity >= quantity);
  const Money cost = share_of_cost(position->cost, quantity, position->quantity);
  position->quantity -= quantity;
  position->cost -= cost;
  cash_[index(order.venue)] += gross - fee;
  add_exposure(order.asset, -cost);
  if (position->quantity.is_zero()) {
    add_exposure(order.asset, -position->cost);
    positions_.erase(key);
  }
}

Position Portfolio::settle(InstrumentId instrument, Outcome outcome, Price payout) noexcept {
  const std::uint64_t key = position_key(instrument, outcome);
  const Position* held = positions_.find(key);
  if (held == nullptr) return {};
  const Position position = *held;
  cash_[index(position.venue)] += payout * position.quantity;
  add_exposure(position.asset, -position.cost);
  positions_.erase(key);
  return position;
}

void Portfolio::restore(const Position& position) noexcept {
  Position* slot = positions_.insert(position_key(position.instrument, position.outcome));
  ARBEES_ASSERT(slot != nullptr);
  add_exposure(position.asset, position.cost - slot->cost);
  *slot = position;
}

}  // namespace arbees
