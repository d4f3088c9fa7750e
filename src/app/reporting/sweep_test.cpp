#include "app/reporting/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string mistake(const std::vector<std::string>& texts) {
  const auto axes = parse_sweep(texts);
  return axes ? std::string() : axes.error();
}

TEST(Sweep, KnowsASettingByEachOfItsNames) {
  const auto axes = parse_sweep({"CRYPTO_MIN_EDGE_PCT=1,2.5", "paper.kalshi_round_trip=0", "paper.spread_percent=5",
                                 "ARBEES__LIMITS__MIN_LIQUIDITY=10"});
  ASSERT_TRUE(axes) << axes.error();
  EXPECT_EQ(axes->at(0).setting, "limits.min_edge_pct");
  EXPECT_THAT(axes->at(0).values, ElementsAre("1", "2.5"));
  EXPECT_EQ(axes->at(1).setting, "paper.kalshi_round_trip_ms");
  EXPECT_EQ(axes->at(2).setting, "paper.spread_percent");
  EXPECT_EQ(axes->at(3).setting, "limits.min_liquidity");
}

TEST(Sweep, AMistakeNamesKeyValueAndRange) {
  EXPECT_THAT(mistake({"CRYPTO_MIN_EDGE_PCT=1,200"}),
              testing::AllOf(HasSubstr("CRYPTO_MIN_EDGE_PCT"), HasSubstr("\"200\""), HasSubstr("0 to 100 percent")));
  EXPECT_THAT(mistake({"CRYPTO_MIN_EDGE=1"}), HasSubstr("no such key"));
  EXPECT_THAT(mistake({"paper.kalshi_round_trip_ms="}), HasSubstr("0 to 60000 milliseconds"));
  EXPECT_THAT(mistake({"run.assets=BTC"}), HasSubstr("no effect"));
  EXPECT_THAT(mistake({"paper.seed"}), HasSubstr("key=a,b,c"));
  EXPECT_THAT(mistake({"paper.seed=1", "paper.seed=2"}), HasSubstr("twice"));
}

TEST(Sweep, CombinesEveryValueWithEveryOther) {
  const auto axes = parse_sweep({"paper.seed=1,2", "CRYPTO_MIN_EDGE_PCT=3,4"});
  ASSERT_TRUE(axes) << axes.error();
  EXPECT_THAT(combinations(*axes),
              ElementsAre(Combination{"1", "3"}, Combination{"1", "4"}, Combination{"2", "3"}, Combination{"2", "4"}));
  EXPECT_THAT(combinations({}), IsEmpty());
}

}  // namespace
}  // namespace arbees::app
