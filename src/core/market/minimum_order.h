#pragma once
// The least order that a venue takes. Contracts: by the contract's terms. On Polymarket a purchase that takes from the
// book is worth a dollar at least, at its limit (docs/venues/polymarket-trading.md).

#include "core/market/contract.h"
#include "core/market/order.h"
#include "core/market/values.h"

namespace arbees {

[[nodiscard]] constexpr bool is_below_minimum(const ContractTerms& terms, Side side, Price limit,
                                              Quantity quantity) noexcept {
  if (quantity < terms.minimum_order) return true;
  const bool is_purchase = terms.venue == Venue::Polymarket && side == Side::Buy;
  return is_purchase && limit * quantity < Money::whole(1);
}

}  // namespace arbees
