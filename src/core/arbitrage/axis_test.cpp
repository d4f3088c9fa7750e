#include "core/arbitrage/axis.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

ContractTerms kalshi_threshold(Comparator comparator, const char* strike) {
  ContractTerms terms{};
  terms.lower = Strike::parse(strike).value();
  terms.closes_at = from_unix_s(1'785'000'000);
  terms.lot = Quantity::whole(1);
  terms.grid = PriceGrid::uniform(Price::from_units(100));
  terms.fees.model = FeeModel::KalshiQuadratic;
  terms.venue = Venue::Kalshi;
  terms.asset = Asset::BTC;
  terms.payoff = Payoff::Threshold;
  terms.comparator = comparator;
  terms.source = SettlementSource::CfBenchmarksMean60;
  terms.rounding_decimals = 2;
  terms.has_lower = 1;
  terms.not_tradable = NotTradable::None;
  return terms;
}

TEST(Axis, FoldsStrictThresholdsOntoTheGridOfTheSettledValue) {
  const auto strict = axis_interval(kalshi_threshold(Comparator::Greater, "63999.99"));
  const auto inclusive = axis_interval(kalshi_threshold(Comparator::GreaterOrEqual, "64000"));
  ASSERT_TRUE(strict && inclusive);
  EXPECT_EQ(strict->axis, inclusive->axis);
  EXPECT_EQ(strict->interval.from, inclusive->interval.from);
}

TEST(Axis, JoinsARangeThatIncludesItsEndWithTheNextStrike) {
  ContractTerms range = kalshi_threshold(Comparator::Unknown, "64000");
  range.payoff = Payoff::Range;
  range.upper = Strike::parse("64099.99").value();
  range.includes_upper = 1;
  const auto next = axis_interval(kalshi_threshold(Comparator::GreaterOrEqual, "64100"));
  ASSERT_TRUE(axis_interval(range) && next);
  EXPECT_EQ(axis_interval(range)->interval.to, next->interval.from);
}

TEST(Axis, KeepsStrictAndInclusiveApartWhereNothingIsRounded) {
  ContractTerms strict = kalshi_threshold(Comparator::Greater, "64000");
  ContractTerms inclusive = kalshi_threshold(Comparator::GreaterOrEqual, "64000");
  strict.rounding_decimals = inclusive.rounding_decimals = kNotRounded;
  EXPECT_LT(axis_interval(inclusive)->interval.from, axis_interval(strict)->interval.from);
}

TEST(Axis, IsOneOnlyForTheSameSourceInstantAndRounding) {
  const ContractTerms terms = kalshi_threshold(Comparator::GreaterOrEqual, "64000");
  ContractTerms other = terms;
  other.source = SettlementSource::ChainlinkTwap60;
  EXPECT_FALSE(axis_interval(other)->axis == axis_interval(terms)->axis);
  other = terms;
  other.closes_at += std::chrono::minutes(15);
  EXPECT_FALSE(axis_interval(other)->axis == axis_interval(terms)->axis);
  other = terms;
  other.rounding_decimals = kNotRounded;
  EXPECT_FALSE(axis_interval(other)->axis == axis_interval(terms)->axis);
  other = terms;
  other.asset = Asset::ETH;
  EXPECT_FALSE(axis_interval(other)->axis == axis_interval(terms)->axis);
}

TEST(Axis, RefusesWhatIsNotKnown) {
  ContractTerms terms = kalshi_threshold(Comparator::GreaterOrEqual, "64000");
  terms.payoff = Payoff::UpDown;
  terms.has_lower = 0;
  EXPECT_EQ(axis_interval(terms).error(), NotTradable::UnknownStrike);
  terms.has_lower = 1;
  EXPECT_TRUE(axis_interval(terms).has_value());
  terms.payoff = Payoff::Hit;
  EXPECT_EQ(axis_interval(terms).error(), NotTradable::TermsRefused);
  terms.payoff = Payoff::Threshold;
  terms.fees.model = FeeModel::Unknown;
  EXPECT_EQ(axis_interval(terms).error(), NotTradable::UnknownFee);
}

TEST(Axis, NumbersTheOutcomesOfACategory) {
  ContractTerms terms = kalshi_threshold(Comparator::Unknown, "0");
  terms.payoff = Payoff::Category;
  terms.event_group = 9;
  terms.upper = Strike::whole(3);
  const auto first = axis_interval(terms);
  terms.lower = Strike::whole(1);
  const auto middle = axis_interval(terms);
  terms.lower = Strike::whole(2);
  const auto last = axis_interval(terms);
  ASSERT_TRUE(first && middle && last);
  EXPECT_EQ(first->interval.from, kMinusInfinity);
  EXPECT_EQ(first->interval.to, middle->interval.from);
  EXPECT_EQ(middle->interval.to, last->interval.from);
  EXPECT_EQ(last->interval.to, kPlusInfinity);
  terms.lower = Strike::whole(3);
  EXPECT_FALSE(axis_interval(terms).has_value());
}

// s < 64,000 and s ≥ 64,010 are exactly 10 apart only in the limit: the open end is never reached.
TEST(Axis, TellsWhetherCellsCanMeetIncludingTheirOpenEnds) {
  const Cell below{kMinusInfinity, at_least(64000), 1};
  const Cell up_to{kMinusInfinity, above(64000), 1};
  const Cell from{at_least(64010), kPlusInfinity, 1};
  EXPECT_FALSE(can_meet(below, from, 2 * 10));
  EXPECT_TRUE(can_meet(up_to, from, 2 * 10));
  EXPECT_TRUE(can_meet(below, from, 2 * 11));
  // On a grid of whole units the last value below 64,000 is 63,999.
  const Cell grid{kMinusInfinity, at_least(64000), 2};
  EXPECT_FALSE(can_meet(grid, from, 21));
  EXPECT_TRUE(can_meet(grid, from, 2 * 11));
}

}  // namespace
}  // namespace arbees
