#include "core/market/fees.h"

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/base/wide_int.h"

namespace arbees {
namespace {

FeeSchedule kalshi() {
  FeeSchedule schedule;
  schedule.model = FeeModel::KalshiQuadratic;
  schedule.taker_rate = 70000;
  schedule.maker_rate = 17500;
  return schedule;
}

FeeSchedule polymarket() {
  FeeSchedule schedule;
  schedule.model = FeeModel::PolymarketCurve;
  schedule.taker_rate = 70000;
  return schedule;
}

Money money(const char* text) { return Money::parse(text).value(); }
Price price(const char* text) { return Price::parse(text).value(); }
Quantity quantity(const char* text) { return Quantity::parse(text).value(); }

TEST(KalshiFee, RoundsUpToATenthOfAMill) {
  const struct {
    const char* price;
    const char* contracts;
    const char* taker;
    const char* maker;
  } kVectors[] = {
      {"0.50", "1", "0.0175", "0.0044"},      {"0.50", "100", "1.7500", "0.4375"},
      {"0.43", "5", "0.0858", "0.0215"},      {"0.57", "5", "0.0858", "0.0215"},
      {"0.01", "1", "0.0007", "0.0002"},      {"0.99", "1", "0.0007", "0.0002"},
      {"0.10", "3", "0.0189", "0.0048"},      {"0.25", "100", "1.3125", "0.3282"},
      {"0.055", "1", "0.0037", "0.0010"},     {"0.3301", "0.03", "0.0005", "0.0002"},
      {"0.035", "12.34", "0.0292", "0.0073"}, {"0.965", "12.34", "0.0292", "0.0073"},
      {"0.47", "10", "0.1744", "0.0436"},
  };
  for (const auto& v : kVectors) {
    EXPECT_EQ(fee(kalshi(), Role::Taker, price(v.price), quantity(v.contracts)), money(v.taker)) << v.price;
    EXPECT_EQ(fee(kalshi(), Role::Maker, price(v.price), quantity(v.contracts)), money(v.maker)) << v.price;
  }
}

TEST(KalshiFee, IsScaledByTheMultiplierOfTheSeries) {
  FeeSchedule half = kalshi();
  half.multiplier = 5000;
  EXPECT_EQ(fee(half, Role::Taker, price("0.50"), quantity("1")), money("0.0088"));
}

TEST(PolymarketFee, RoundsHalfEvenToFiveDecimals) {
  const FeeTerms terms = fee_terms(polymarket(), Role::Taker);
  const struct {
    Decimal contracts;
    Decimal price;
    const char* fee;
  } kVectors[] = {
      {{1, 0}, {5, 1}, "0.01750"},       {{375, 1}, {415, 3}, "0.63728"},   {{12345, 3}, {83, 3}, "0.06577"},
      {{100, 0}, {50, 2}, "1.75"},       {{100, 0}, {30, 2}, "1.47"},       {{100, 0}, {10, 2}, "0.63"},
      {{100, 0}, {1, 2}, "0.0693"},      {{100, 0}, {95, 2}, "0.3325"},     {{10, 0}, {52, 2}, "0.17472"},
      {{137931, 4}, {87, 2}, "0.10920"}, {{154639, 4}, {97, 2}, "0.03150"}, {{2104, 2}, {567, 3}, "0.36159"},
      {{5, 0}, {51, 2}, "0.08746"},      {{1, 2}, {99, 2}, "0.00001"},      {{1, 1}, {5, 1}, "0.00175"},
  };
  for (const auto& v : kVectors) EXPECT_EQ(fee(terms, v.price, v.contracts), money(v.fee)) << v.fee;
}

TEST(PolymarketFee, MakersPayNothing) {
  EXPECT_EQ(fee(polymarket(), Role::Maker, price("0.5"), quantity("100")), Money{});
}

TEST(PolymarketFee, KnowsTheSteeperCurveOfTheFirstQuarter) {
  FeeSchedule squared = polymarket();
  squared.taker_rate = 250000;
  squared.exponent = 2;
  EXPECT_EQ(fee(squared, Role::Taker, price("0.50"), quantity("100")), money("1.5625"));
}

TEST(Fee, IsZeroAtTheEndsAndRefusedForUnknownTerms) {
  EXPECT_EQ(fee(kalshi(), Role::Taker, kPriceZero, quantity("7")), Money{});
  EXPECT_EQ(fee(kalshi(), Role::Taker, kPriceOne, quantity("7")), Money{});
  EXPECT_FALSE(fee(FeeSchedule{}, Role::Taker, price("0.5"), quantity("1")).has_value());
  FeeSchedule absurd = kalshi();
  absurd.taker_rate = 1'000'001;
  EXPECT_FALSE(fee(absurd, Role::Taker, price("0.5"), quantity("1")).has_value());
  FeeSchedule steep = polymarket();
  steep.exponent = kMaxFeeExponent + 1;
  EXPECT_FALSE(fee(steep, Role::Taker, price("0.5"), quantity("1")).has_value());
  EXPECT_FALSE(fee(kalshi(), Role::Taker, Price::from_units(10001), quantity("1")).has_value());
  EXPECT_FALSE(fee(kalshi(), Role::Taker, price("0.5"), Quantity::from_units(-1)).has_value());
}

TEST(Fee, NeverWrapsAround) {
  const Quantity huge = Quantity::max();  // 9.2e16 contracts: a fee beyond Money
  EXPECT_FALSE(fee(kalshi(), Role::Taker, price("0.5"), huge).has_value());
  const Quantity large = Quantity::from_units(50'000'000'000'000'000);  // 5e14 contracts
  EXPECT_EQ(fee(kalshi(), Role::Taker, price("0.5"), large), money("8750000000000"));
}

// Against the plain formula in 128 bits, where that is known to fit.
TEST(Fee, AgreesWithModelOnRandomFills) {
  Random random(20260507);
  for (int i = 0; i < 200'000; ++i) {
    FeeSchedule schedule = random.chance(1, 2) ? kalshi() : polymarket();
    schedule.taker_rate = static_cast<std::uint32_t>(random.between(0, 1'000'000));
    schedule.multiplier = static_cast<std::uint32_t>(random.between(1, 20'000));
    const bool is_kalshi = schedule.model == FeeModel::KalshiQuadratic;
    const Price p = Price::from_units(random.between(0, 10'000));
    const Quantity q = Quantity::from_units(random.between(0, 1'000'000'000));
    Uint128 exact = static_cast<Uint128>(q.units()) * static_cast<Uint128>(p.units()) *
                    static_cast<Uint128>(10'000 - p.units()) * schedule.taker_rate;
    exact *= is_kalshi ? schedule.multiplier : 10'000;  // units of 10^-20 dollar
    const Uint128 unit = is_kalshi ? Uint128{10'000'000'000'000'000} : Uint128{1'000'000'000'000'000};
    Uint128 rounded = exact / unit;
    const Uint128 rest = exact % unit;
    if (is_kalshi ? rest != 0 : rest * 2 > unit || (rest * 2 == unit && rounded % 2 == 1)) ++rounded;
    const auto expected = static_cast<std::int64_t>(rounded) * (is_kalshi ? 100 : 10);
    ASSERT_EQ(fee(schedule, Role::Taker, p, q)->units(), expected) << "sample " << i;
  }
}

TEST(Fee, PerContractIsTheSlopeRoundedUp) {
  EXPECT_EQ(fee_per_contract(fee_terms(kalshi(), Role::Taker), price("0.53")), 17'437'000'000);
  EXPECT_EQ(fee_per_contract(fee_terms(polymarket(), Role::Taker), price("0.42")), 17'052'000'000);
  FeeSchedule fine = kalshi();
  fine.taker_rate = 1;
  fine.multiplier = 1;
  EXPECT_EQ(fee_per_contract(fee_terms(fine, Role::Taker), Price::from_units(1)), 1);
}

TEST(KalshiRoundingAccount, FollowsTheOfficialExamples) {
  const struct {
    const char* revenue;
    const char* fee;
    const char* rounding;
    const char* rebates[3];
    const char* net_fees[3];
    const char* change;
  } kExamples[] = {
      {"-0.055", "0.0085", "0.0065", {"0", "0.01", "0"}, {"0.0150", "0.0050", "0.0150"}, "-0.07"},
      {"-0.15", "0.0041", "0.0059", {"0", "0.01", "0"}, {"0.0100", "0.0000", "0.0100"}, "-0.16"},
      {"-0.009903", "0.0005", "0.009597", {"0", "0.01", "0.01"}, {"0.010097", "0.000097", "0.000097"}, "-0.02"},
  };
  for (const auto& example : kExamples) {
    KalshiRoundingAccount account(KalshiRoundingAccount::kOtherAccount);
    for (int i = 0; i < 3; ++i) {
      const auto charge = account.add_fill(money(example.revenue), money(example.fee));
      EXPECT_EQ(charge.rounding, money(example.rounding)) << example.revenue << " fill " << i;
      EXPECT_EQ(charge.rebate, money(example.rebates[i])) << example.revenue << " fill " << i;
      EXPECT_EQ(charge.net_fee, money(example.net_fees[i])) << example.revenue << " fill " << i;
      EXPECT_EQ(charge.balance_change, money(example.change)) << example.revenue << " fill " << i;
    }
  }
}

TEST(KalshiRoundingAccount, TakesNothingFromDirectMembersOnWholeContracts) {
  KalshiRoundingAccount account(KalshiRoundingAccount::kDirectMember);
  const auto charge = account.add_fill(money("-2.35"), money("0.0858"));
  EXPECT_EQ(charge.rounding, Money{});
  EXPECT_EQ(charge.net_fee, money("0.0858"));
  EXPECT_EQ(charge.balance_change, money("-2.4358"));
}

}  // namespace
}  // namespace arbees
