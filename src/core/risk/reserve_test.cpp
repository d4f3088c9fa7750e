#include "core/risk/reserve.h"

#include <gtest/gtest.h>

#include "core/market/fees.h"

namespace arbees {
namespace {

Money money(std::string_view text) { return Money::parse(text).value(); }
Price price(std::string_view text) { return Price::parse(text).value(); }

FeeSchedule kalshi() {
  FeeSchedule fees{};
  fees.model = FeeModel::KalshiQuadratic;
  fees.taker_rate = 70'000;
  fees.multiplier = 10'000;
  return fees;
}

TEST(WorstCost, WithoutFeesIsThePriceExactly) {
  FeeSchedule none{};
  none.model = FeeModel::None;
  EXPECT_EQ(worst_cost(none, price("0.33"), Quantity::whole(3)), money("0.99"));
}

// 0.07 × 0.33 × 0.67 = 0.015477: 0.0155; and a step of 0.0001 for each of a hundred fills.
TEST(WorstCost, AFeeThatDoesNotDivideEvenlyIsRoundedUpForEveryFill) {
  EXPECT_EQ(worst_cost(kalshi(), price("0.33"), Quantity::whole(1)), money("0.33") + money("0.0155") + money("0.01"));
}

TEST(WorstCost, AnUnknownFeeCostsEverything) {
  FeeSchedule unknown{};
  unknown.model = FeeModel::Unknown;
  EXPECT_EQ(worst_cost(unknown, price("0.33"), Quantity::whole(3)), Money::whole(3));
}

// However it is split, and the fills' fees each rounded up.
TEST(WorstCost, CoversAHundredFills) {
  for (std::int64_t units = 100; units < 10'000; units += 100) {
    const Price limit = Price::from_units(units);
    Money paid;
    for (std::int64_t i = 0; i < kMostFills; ++i) {
      const Quantity part = Quantity::from_units(100 + i % 7);
      paid += limit * part + fee(kalshi(), Role::Taker, limit, part).value();
    }
    Quantity whole;
    for (std::int64_t i = 0; i < kMostFills; ++i) whole += Quantity::from_units(100 + i % 7);
    EXPECT_GE(worst_cost(kalshi(), limit, whole), paid) << units;
  }
}

}  // namespace
}  // namespace arbees
