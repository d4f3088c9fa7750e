#include "core/risk/reserve.h"

#include "core/market/fees.h"

namespace arbees {
namespace {

Money worst_rounding(const FeeSchedule& fees) noexcept {
  constexpr Money kFeeStep = Money::from_units(100);
  return fees.model == FeeModel::None ? Money{} : kFeeStep * kMostFills;
}

}  // namespace

Money worst_cost(const FeeSchedule& fees, Price limit, Quantity quantity) noexcept {
  const auto fee_at_limit = fee(fees, Role::Taker, limit, quantity);
  if (!fee_at_limit) return kPriceOne * quantity;
  return limit * quantity + *fee_at_limit + worst_rounding(fees);
}

Money worst_proceeds(const FeeSchedule& fees, Price limit, Quantity quantity) noexcept {
  const auto fee_at_limit = fee(fees, Role::Taker, limit, quantity);
  return fee_at_limit ? limit * quantity - *fee_at_limit - worst_rounding(fees) : Money{};
}

}  // namespace arbees
