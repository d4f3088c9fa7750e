#pragma once
// The most that a purchase can cost, fees included: what is reserved for it until it is final; the least that a sale
// can bring.

#include "core/market/contract.h"
#include "core/market/values.h"

namespace arbees {

// Price plus fee grows with the price (the fee's slope stays above −1 for every rate below 1), so the
// limit is the dearest fill; every separate fill rounds its fee up by less than $0.0001, and no order
// of ours is split into more than kMostFills. An unknown fee costs everything: one dollar a contract.
inline constexpr std::int64_t kMostFills = 100;
[[nodiscard]] Money worst_cost(const FeeSchedule& fees, Price limit, Quantity quantity) noexcept;
// After fees; the same holds, for the proceeds grow with the price as well. With an unknown fee it brings nothing.
[[nodiscard]] Money worst_proceeds(const FeeSchedule& fees, Price limit, Quantity quantity) noexcept;

}  // namespace arbees
