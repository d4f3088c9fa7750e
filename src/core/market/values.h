#pragma once
// The vocabulary of numbers: prices, quantities, money and spot prices, each an integer with its unit.
//
// The scales are those of the venues: Kalshi sends prices with four decimals and counts with two,
// Polymarket's finest tick is 0.0001, one Money unit is one USDC base unit. Price × Quantity = Money
// is exact. Every rounding goes against us: costs and fees up, proceeds and displayed sizes down.

#include <cstdint>

#include "core/base/fixed_point.h"

namespace arbees {

using Price = FixedPoint<struct PriceTag, 4>;                // dollars per contract of $1 payout, 0..1
using Quantity = FixedPoint<struct QuantityTag, 2>;          // contracts (shares)
using Money = FixedPoint<struct MoneyTag, 6>;                // dollars
using SpotPrice = FixedPoint<struct SpotPriceTag, 8>;        // quote currency per unit of the underlying
using SpotQuantity = FixedPoint<struct SpotQuantityTag, 8>;  // units of the underlying
using Strike = SpotPrice;

static_assert(Price::kDecimals + Quantity::kDecimals == Money::kDecimals);

inline constexpr Price kPriceZero = Price::from_units(0);
inline constexpr Price kPriceOne = Price::whole(1);

[[nodiscard]] constexpr Money operator*(Price price, Quantity quantity) noexcept {
  std::int64_t units = 0;
  ARBEES_ASSERT(!__builtin_mul_overflow(price.units(), quantity.units(), &units));
  return Money::from_units(units);
}
[[nodiscard]] constexpr Money operator*(Quantity quantity, Price price) noexcept { return price * quantity; }

// The other outcome's price: a No bid at p is a Yes ask at 1 − p.
[[nodiscard]] constexpr Price complement(Price price) noexcept { return kPriceOne - price; }

// Whether the price can belong to a contract: strictly between 0 and 1 dollar.
[[nodiscard]] constexpr bool is_contract_price(Price price) noexcept { return price > kPriceZero && price < kPriceOne; }

}  // namespace arbees
