#include "core/market/settlement_value.h"

#include <gtest/gtest.h>

#include <vector>

namespace arbees {
namespace {

TEST(SettlementValue, MeanOfSixtyPrintsInCents) {
  std::vector<std::int64_t> prints;
  for (std::int64_t i = 0; i < 60; ++i) prints.push_back(8402800 + (37 * i) % 101);
  EXPECT_EQ(sum_of_prints(prints), 504170971);
  EXPECT_EQ(settled_value(504170971, 60), 8402850);
}

TEST(SettlementValue, TiesRoundUpWhereADoubleWouldRoundDown) {
  EXPECT_EQ(settled_value(504170970, 60), 8402850);
  EXPECT_EQ(settled_value(504170910, 60), 8402849);
}

TEST(SettlementValue, SmallestWinningSum) {
  EXPECT_EQ(smallest_sum_reaching(6425000, 60), 385499970);
  EXPECT_EQ(settled_value(385499970, 60), 6425000);
  EXPECT_EQ(settled_value(385499969, 60), 6424999);
  for (std::int64_t count = 1; count < 8; ++count) {
    EXPECT_EQ(settled_value(smallest_sum_reaching(100, count), count), 100) << count;
    EXPECT_EQ(settled_value(smallest_sum_reaching(100, count) - 1, count), 99) << count;
  }
}

TEST(SettlementValue, ComparatorsDecideTies) {
  EXPECT_TRUE(satisfies(Comparator::GreaterOrEqual, 5, 5));
  EXPECT_FALSE(satisfies(Comparator::Greater, 5, 5));
  EXPECT_TRUE(satisfies(Comparator::LessOrEqual, 5, 5));
  EXPECT_FALSE(satisfies(Comparator::Less, 5, 5));
}

TEST(SettlementValue, RangesAndThresholdsPay) {
  ContractTerms terms;
  terms.payoff = Payoff::Range;
  terms.lower = *Strike::parse("64000");
  terms.upper = *Strike::parse("64099.99");
  terms.includes_upper = 1;
  EXPECT_TRUE(pays_yes(terms, *SpotPrice::parse("64000")));
  EXPECT_TRUE(pays_yes(terms, *SpotPrice::parse("64099.99")));
  EXPECT_FALSE(pays_yes(terms, *SpotPrice::parse("64100")));
  terms.includes_upper = 0;
  EXPECT_FALSE(pays_yes(terms, *SpotPrice::parse("64099.99")));
  terms.pays_outside = 1;
  EXPECT_TRUE(pays_yes(terms, *SpotPrice::parse("64099.99")));
  EXPECT_FALSE(pays_yes(terms, *SpotPrice::parse("64000")));
  terms = {};
  terms.payoff = Payoff::Threshold;
  terms.comparator = Comparator::Greater;
  terms.has_lower = 1;
  terms.lower = *Strike::parse("64099.99");
  EXPECT_FALSE(pays_yes(terms, *SpotPrice::parse("64099.99")));
  EXPECT_TRUE(pays_yes(terms, *SpotPrice::parse("64100")));
}

}  // namespace
}  // namespace arbees
