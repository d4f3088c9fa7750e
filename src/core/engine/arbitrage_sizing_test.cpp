// What limits the size of an opportunity, and that the reports name it.

#include <gtest/gtest.h>

#include "core/engine/test_engine.h"

namespace arbees {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the short words of these tests

class Sizing : public EngineTest {
 protected:
  void list_ladder(Venue second = Venue::Kalshi) {
    list(1, threshold(Venue::Kalshi, 64'000));
    ContractTerms terms = threshold(Venue::Kalshi, 64'100);
    terms.venue = second;  // the same settled value, traded elsewhere
    list(2, terms);
  }
  // Yes of 1 at 0.45 and No of 2 at 0.50.
  void offer(std::int64_t contracts) {
    book(1, {}, {{"0.45", contracts}});
    book(2, {{"0.50", contracts}}, {});
  }
  // The last judgement; its legs must be equal in quantity if it was accepted.
  const OpportunityJudged& judged() {
    EXPECT_FALSE(judged_.empty());
    if (!requests_.empty()) {
      for (const Leg& leg : requests_.back().legs) EXPECT_EQ(leg.quantity, judged_.back().size);
    }
    return judged_.back();
  }
};

TEST_F(Sizing, DepthBinds) {
  list_ladder();
  offer(100);
  EXPECT_EQ(judged().verdict, Verdict::Accepted);
  EXPECT_EQ(judged().binding, Verdict::Accepted);
  EXPECT_EQ(judged().size, Quantity::whole(100));
}

TEST_F(Sizing, TheThinnerLegBindsBoth) {
  list_ladder();
  book(1, {}, {{"0.45", 300}});
  book(2, {{"0.50", 70}}, {});
  EXPECT_EQ(judged().size, Quantity::whole(70));
  EXPECT_EQ(judged().binding, Verdict::Accepted);
}

TEST_F(Sizing, DeeperLevelsThatDoNotPayBind) {
  list_ladder();
  book(1, {}, {{"0.45", 60}, {"0.52", 500}});
  book(2, {{"0.50", 60}, {"0.44", 500}}, {});
  EXPECT_EQ(judged().size, Quantity::whole(60));
  EXPECT_EQ(judged().binding, Verdict::EdgeTooSmall);
}

TEST_F(Sizing, DeeperLevelsThatPayAreTaken) {
  list_ladder();
  book(1, {}, {{"0.45", 60}, {"0.48", 500}});
  book(2, {{"0.50", 200}}, {});
  EXPECT_EQ(judged().size, Quantity::whole(200));
  EXPECT_EQ(judged().outlay, money("194.2")) << "60 at 0.45, 140 at 0.48, 200 at 0.50";
}

TEST_F(Sizing, WholeLotsBind) {
  list_ladder();
  BookUpdate update;
  book(1, {}, {{"0.45", 100}});
  book(2, {}, {});
  update.id = InstrumentId{2};
  update.price = price("0.50");
  update.quantity = Quantity::parse("33.7").value();
  say(update);
  EXPECT_EQ(judged().size, Quantity::whole(33));
}

TEST_F(Sizing, PositionLimitBinds) {
  limits_.max_position = Money::whole(50);
  restart();
  list_ladder();
  offer(1000);
  EXPECT_EQ(judged().verdict, Verdict::Accepted);
  EXPECT_EQ(judged().binding, Verdict::PositionLimit);
  EXPECT_EQ(judged().size, Quantity::whole(100)) << "at 0.50 a contract";
}

TEST_F(Sizing, AssetLimitBinds) {
  limits_.max_position = limits_.max_asset_exposure = Money::whole(95);
  restart();
  list_ladder();
  offer(1000);
  EXPECT_EQ(judged().binding, Verdict::AssetLimit);
  EXPECT_EQ(judged().size, Quantity::whole(100));
}

TEST_F(Sizing, TotalLimitBinds) {
  limits_.max_position = limits_.max_asset_exposure = Money::whole(1000);
  limits_.max_total_exposure = Money::whole(95);
  restart();
  list_ladder();
  offer(1000);
  EXPECT_EQ(judged().binding, Verdict::TotalLimit);
  EXPECT_EQ(judged().size, Quantity::whole(100));
}

TEST_F(Sizing, TheBalanceOfOneVenueBindsBothLegs) {
  list_ladder(Venue::Polymarket);
  cash(Venue::Polymarket, "25");
  offer(1000);
  EXPECT_EQ(judged().verdict, Verdict::Accepted);
  EXPECT_EQ(judged().binding, Verdict::InsufficientCash);
  EXPECT_EQ(judged().size, Quantity::whole(50));
}

TEST_F(Sizing, NoMoneyAtAllIsAVerdict) {
  list_ladder(Venue::Polymarket);
  cash(Venue::Polymarket, "0");
  offer(1000);
  EXPECT_TRUE(requests_.empty());
  EXPECT_EQ(judged().verdict, Verdict::InsufficientCash);
}

TEST_F(Sizing, LessThanTheVenuesMinimumIsNotTaken) {
  limits_.max_position = Money::whole(4);
  restart();
  ContractTerms terms = threshold(Venue::Kalshi, 64'000);
  terms.minimum_order = Quantity::whole(20);
  list(1, terms);
  list(2, threshold(Venue::Kalshi, 64'100));
  offer(1000);
  EXPECT_TRUE(requests_.empty());
  EXPECT_EQ(judged().verdict, Verdict::PositionLimit) << "eight contracts would be allowed";
}

TEST_F(Sizing, TooLittleLiquidityIsAVerdict) {
  limits_.min_liquidity = Money::whole(50);
  restart();
  list_ladder();
  offer(52);
  EXPECT_TRUE(requests_.empty());
  EXPECT_EQ(judged().verdict, Verdict::TooThin);
  offer(53);
  EXPECT_EQ(judged().verdict, Verdict::Accepted);
}

TEST_F(Sizing, ProfitForEachDollarAndDayCounts) {
  // 0.05 over 0.95 in 9000 s: $0.505 for each dollar and day.
  limits_.min_return_per_day = 510'000;
  restart();
  list_ladder();
  offer(100);
  EXPECT_TRUE(requests_.empty());
  EXPECT_EQ(judged().verdict, Verdict::ReturnTooLow);
  limits_.min_return_per_day = 500'000;
  restart();
  list_ladder();
  offer(100);
  EXPECT_EQ(judged().verdict, Verdict::Accepted);
}

}  // namespace
}  // namespace arbees
