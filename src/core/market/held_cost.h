#pragma once
// What a position costs as fills come, are sold again and fail: one rule for the risk gate and for the audit of a
// ledger.
//
// Cost is what those that are held were bought for: price plus fees, ≥ 0. A sale takes it out in proportion, and every
// rounding leaves more rather than less. A purchase that fails takes its own cost back. If what it bought had been sold
// in the meantime, the rest cannot be told apart any more: it counts a dollar a contract at most, and if less than
// nothing is held, nothing until it is bought again; a purchase that covers that adds the cost of what goes beyond.
// Whatever cash a change of a position moved and its cost did not, was won or lost then: so the sum is right in
// whatever order fills fail, while what counts as cost and what as result may depend on it.

#include <algorithm>

#include "core/base/wide_int.h"
#include "core/market/values.h"

namespace arbees {

struct HeldCost {
  Quantity quantity;  // negative: sold, but its purchase failed
  Money cost;         // 0 unless the quantity is positive
};

// cost × part / whole, rounded down; whole > 0.
[[nodiscard]] inline Money share_of_cost(Money cost, Quantity part, Quantity whole) noexcept {
  return Money::from_units(static_cast<std::int64_t>(Int128{cost.units()} * part.units() / whole.units()));
}

// What a sale of so much takes out. A venue sells no more than there is; more is told in another order than it
// happened.
[[nodiscard]] inline Money cost_of_sale(const HeldCost& held, Quantity sold) noexcept {
  const bool is_part = held.quantity.is_positive() && sold < held.quantity;
  return is_part ? share_of_cost(held.cost, sold, held.quantity) : held.cost;
}

// With so much more (less, if negative) of quantity and cost.
[[nodiscard]] inline HeldCost changed(const HeldCost& held, Quantity quantity, Money cost) noexcept {
  HeldCost after{held.quantity + quantity, held.cost + cost};
  if (!after.quantity.is_positive()) return {after.quantity, Money{}};
  if (held.quantity.is_negative()) after.cost = cost - share_of_cost(cost, quantity - after.quantity, quantity);
  if (after.quantity < held.quantity) {
    const Money even = held.cost - cost_of_sale(held, -quantity);
    const Money most = std::max(even, kPriceOne * after.quantity);
    after.cost = after.cost.is_negative() ? even : std::min(after.cost, most);
  }
  after.cost = std::max(after.cost, Money{});
  return after;
}

}  // namespace arbees
