#include "core/risk/reserve.h"

#include "core/market/fees.h"

namespace arbees {

Money worst_cost(const FeeSchedule& fees, Price limit, Quantity quantity) noexcept {
  const auto fee_at_limit = fee(fees, Role::Taker, limit, quantity);
  if (!fee_at_limit) return kPriceOne * quantity;
  constexpr Money kFeeStep = Money::from_units(100);
  return limit * quantity + *fee_at_limit + (fees.model == FeeModel::None ? Money{} : kFeeStep * kMostFills);
}

}  // namespace arbees
