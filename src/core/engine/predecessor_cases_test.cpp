// Defects of the system that this one replaces, as cases that must come out right here. The numbers in the names are
// those of its review (B1 …).

#include <gtest/gtest.h>

#include "core/engine/test_engine.h"

namespace arbees {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the short words of these tests

class PredecessorCases : public EngineTest {};

TEST_F(PredecessorCases, B1_SpotAndAContractQuoteAreNoPair) {
  list(1, threshold(Venue::Kalshi, 84'000));
  SpotQuote spot;
  spot.id = InstrumentId{9};
  spot.venue = Venue::Binance;
  spot.asset = Asset::BTC;
  spot.bid = spot.ask = SpotPrice::whole(84'000);
  say(spot);
  book(1, {{"0.44", 1000}}, {{"0.45", 1000}});
  say(spot);
  EXPECT_TRUE(judged_.empty());
  EXPECT_TRUE(requests_.empty());
}

TEST_F(PredecessorCases, B2_B3_OtherStrikesOnTwoVenuesAreNoCrossMarketArbitrage) {
  list(1, threshold(Venue::Kalshi, 84'000));
  list(2, threshold(Venue::Polymarket, 90'000));
  book(1, {{"0.60", 1000}}, {{"0.61", 1000}});
  book(2, {{"0.39", 1000}}, {{"0.40", 1000}});
  EXPECT_TRUE(judged_.empty()) << "a bid of 0.60 and an ask of 0.40, of two bets";
}

TEST_F(PredecessorCases, BidAboveAskOfOneBetIsNegativeAfterRealFees) {
  ContractTerms kalshi = threshold(Venue::Kalshi, 84'000);
  kalshi.fees.model = FeeModel::KalshiQuadratic;
  kalshi.fees.taker_rate = 70'000;
  ContractTerms other = threshold(Venue::Kalshi, 84'000);  // the same settled value, traded elsewhere
  other.venue = Venue::Polymarket;
  other.fees.model = FeeModel::PolymarketCurve;
  other.fees.taker_rate = 70'000;
  list(1, kalshi);
  list(2, other);
  book(1, {{"0.45", 1000}}, {{"0.46", 1000}});
  book(2, {{"0.43", 1000}}, {{"0.44", 1000}});
  EXPECT_TRUE(judged_.empty()) << "one cent of profit, more than three of fees";
}

TEST_F(PredecessorCases, B16_SellingYesAtItsBidIsBuyingNoAtTheComplement) {
  list(1, threshold(Venue::Kalshi, 84'000));
  list(2, threshold(Venue::Kalshi, 84'100));
  book(1, {}, {{"0.75", 100}});
  book(2, {{"0.80", 100}}, {});
  ASSERT_EQ(requests_.size(), 1u);
  for (const Leg& leg : requests_[0].legs) {
    if (leg.instrument != InstrumentId{2}) continue;
    EXPECT_EQ(leg.outcome, Outcome::No);
    EXPECT_EQ(leg.price, price("0.20"));
  }
}

TEST_F(PredecessorCases, B17_OneLegFreshAndTheOtherStaleIsNoSignal) {
  list(1, threshold(Venue::Kalshi, 84'000));
  list(2, threshold(Venue::Kalshi, 84'100));
  book(1, {}, {{"0.45", 100}});
  wait(std::chrono::seconds(61));
  book(2, {{"0.50", 100}}, {});
  EXPECT_TRUE(requests_.empty());
  ASSERT_FALSE(judged_.empty());
  EXPECT_EQ(judged_.back().verdict, Verdict::StaleBook);
}

TEST_F(PredecessorCases, B18_TheSameOpportunityOverAHundredTicksIsOneRequest) {
  list(1, threshold(Venue::Kalshi, 84'000));
  list(2, threshold(Venue::Kalshi, 84'100));
  book(1, {}, {{"0.45", 100}});
  book(2, {{"0.50", 100}}, {});
  for (int tick = 0; tick < 100; ++tick) {
    book(1, {}, {{tick % 2 == 0 ? "0.44" : "0.45", 100 + tick}});
    if (tick % 2 == 0) say(TimerTick{});
  }
  EXPECT_EQ(requests_.size(), 1u);
  EXPECT_EQ(judged_.size(), 1u);
}

}  // namespace
}  // namespace arbees
