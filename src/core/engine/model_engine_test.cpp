#include "core/engine/model_engine.h"

#include <gtest/gtest.h>

#include "core/engine/test_model_market.h"
#include "core/risk/position_strategy.h"

namespace arbees {
namespace {

class ModelTrading : public testing_support::ModelMarket {
 protected:
  // A contract at the money with a fair quote, everything known and compiled.
  void begin() {
    open();
    settle_down(64'000);
    list(kContract, threshold(64'000));
    quote(kContract, "0.48", "0.51");
    settle_down(64'000);
  }
};

TEST_F(ModelTrading, BuysYesFromAQuoteThatSpotLeftBehind) {
  begin();
  EXPECT_TRUE(requests_.empty()) << "nothing has moved";
  spot(64'150);
  ASSERT_EQ(requests_.size(), 1u);
  const ExecutionRequest& request = requests_[0];
  EXPECT_EQ(request.detector, Detector::ModelEdge);
  EXPECT_TRUE(request.guaranteed.is_zero()) << "a model trade guarantees nothing";
  ASSERT_EQ(request.legs.size(), 1u);
  EXPECT_EQ(request.legs[0].outcome, Outcome::Yes);
  EXPECT_EQ(request.legs[0].price, price("0.51"));
  EXPECT_EQ(request.outlay, request.legs[0].cost + request.legs[0].fee);
  EXPECT_LE(request.outlay, RiskLimits{}.max_position);
  ASSERT_EQ(judged_.size(), 1u);
  EXPECT_EQ(judged_[0].verdict, Verdict::Accepted);
  EXPECT_GT(judged_[0].expected, request.outlay);
  EXPECT_EQ(judged_[0].guaranteed, Money{});
}

TEST_F(ModelTrading, BuysNoWhenSpotFalls) {
  begin();
  spot(63'850);
  ASSERT_EQ(requests_.size(), 1u);
  EXPECT_EQ(requests_[0].legs[0].outcome, Outcome::No);
  EXPECT_EQ(requests_[0].legs[0].price, price("0.52")) << "No at one less the Yes bid";
}

TEST_F(ModelTrading, AsksOnceWhileTheQuoteStands) {
  begin();
  spot(64'150);
  ASSERT_EQ(requests_.size(), 1u);
  for (int i = 1; i < 20; ++i) spot(64'150 + i);
  settle_down(64'170);
  EXPECT_EQ(requests_.size(), 1u);
}

TEST_F(ModelTrading, AMarketThatDisagreesIsNoEdge) {
  open();
  settle_down(64'000);
  list(kContract, threshold(64'000));
  quote(kContract, "0.28", "0.31");  // the model says about one half
  settle_down(64'000, 40);
  for (int i = 0; i < 10; ++i) spot(64'000 + i % 3);
  EXPECT_TRUE(requests_.empty());
}

TEST_F(ModelTrading, AQuoteThatMovedWithSpotIsNoEdge) {
  begin();
  quote(kContract, "0.66", "0.69");  // its maker saw the spot before we did
  spot(64'150);
  EXPECT_TRUE(requests_.empty()) << "our tick came later than his quote, but was not news to him";
  quote(kContract, "0.48", "0.51");  // and came back: what he knows is not ours to guess
  settle_down(64'150);
  EXPECT_TRUE(requests_.empty());
}

TEST_F(ModelTrading, ANewQuoteIsANewOpportunity) {
  begin();
  spot(64'150);
  ASSERT_EQ(requests_.size(), 1u);
  set("CRYPTO_MODEL_MAX_CLOSE_EXPOSURE", 5'000'000'000);
  quote(kContract, "0.66", "0.69");
  settle_down(64'150);
  spot(64'300);
  ASSERT_EQ(requests_.size(), 2u);
  EXPECT_NE(requests_[0].opportunity_id, requests_[1].opportunity_id);
}

TEST_F(ModelTrading, AnOpportunityEndsWithItsQuote) {
  begin();
  spot(64'150);
  ASSERT_EQ(judged_.size(), 1u);
  EXPECT_TRUE(ended_.empty()) << "the quote stands";
  quote(kContract, "0.66", "0.69");
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].opportunity_id, judged_[0].opportunity_id);
  EXPECT_EQ(ended_[0].request, requests_[0].id);
  EXPECT_EQ(ended_[0].detector, Detector::ModelEdge);
  EXPECT_EQ(ended_[0].started_at, judged_[0].started_at);
  EXPECT_EQ(ended_[0].ended_at, now_);
  EXPECT_EQ(ended_[0].judgements, 1u);
  quote(kContract, "0.67", "0.70");
  EXPECT_EQ(ended_.size(), 1u) << "once";
}

TEST_F(ModelTrading, CountsWhatHasNoPriceByItsReason) {
  begin();
  ModelWatch::Counts counts = engine_.model().watch().count();
  EXPECT_EQ(counts.priced, 1u);
  FeedStatus down;
  down.venue = Venue::Kraken;
  say(down);
  for (int i = 0; i < 30; ++i) {
    now_ += std::chrono::milliseconds(100);
    spot_of(Venue::Coinbase, 64'000);
  }
  counts = engine_.model().watch().count();
  EXPECT_EQ(counts.priced, 0u);
  EXPECT_EQ(counts.unavailable[static_cast<std::size_t>(PriceUnavailable::TooFewSources)], 1u);
}

TEST_F(ModelTrading, SwitchedOffItIsSilent) {
  begin();
  set("CRYPTO_MODEL_TRADING", 0);
  spot(64'150);
  EXPECT_TRUE(requests_.empty());
  EXPECT_TRUE(judged_.empty());
}

TEST_F(ModelTrading, LowConfidenceIsAVerdict) {
  begin();
  set("CRYPTO_MODEL_MIN_CONFIDENCE", 999'999);
  spot(64'030);
  EXPECT_TRUE(requests_.empty());
  ASSERT_FALSE(judged_.empty());
  EXPECT_EQ(judged_[0].verdict, Verdict::LowConfidence);
  EXPECT_EQ(judged_[0].detector, Detector::ModelEdge);
}

TEST_F(ModelTrading, OneVenueIsNoSpot) {
  begin();
  FeedStatus down;
  down.venue = Venue::Kraken;
  say(down);
  for (int i = 0; i < 10; ++i) spot_of(Venue::Coinbase, 64'150);
  EXPECT_TRUE(requests_.empty());
  const Contract* contract = engine_.market().find(kContract);
  const auto value = engine_.fair_value(*contract, now_);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error(), PriceUnavailable::TooFewSources);
}

TEST_F(ModelTrading, HaltedItSaysSoAndSendsNothing) {
  begin();
  say(Control{});
  spot(64'150);
  EXPECT_TRUE(requests_.empty());
  ASSERT_FALSE(judged_.empty());
  EXPECT_EQ(judged_[0].verdict, Verdict::Halted);
}

TEST_F(ModelTrading, AllThatSettlesTogetherSharesOneLimit) {
  begin();
  constexpr InstrumentId kOther{78};
  list(kOther, threshold(64'100));
  quote(kOther, "0.30", "0.33");
  settle_down(64'000);
  set("CRYPTO_MODEL_MAX_CLOSE_EXPOSURE", 60'000'000);
  spot(64'200);
  Money spent;
  for (const ExecutionRequest& request : requests_) spent += request.outlay;
  EXPECT_GE(requests_.size(), 1u);
  EXPECT_LE(spent, Money::whole(60));
}

// What earlier sessions have bought counts against the limits of model trades.
TEST_F(ModelTrading, WhatWasHeldBeforeSharesTheLimits) {
  begin();
  PositionSnapshot held;
  held.id = kContract;
  held.quantity = Quantity::whole(100);
  held.cost = Money::whole(50);
  put_strategy(held, Strategy::Model);
  say(held);
  EXPECT_EQ(engine_.portfolio().strategy_exposure(Strategy::Model), Money::whole(50));
  set("CRYPTO_MODEL_MAX_CLOSE_EXPOSURE", 50'000'000);
  spot(64'200);
  EXPECT_TRUE(requests_.empty());
  ASSERT_FALSE(judged_.empty());
  EXPECT_EQ(judged_[0].verdict, Verdict::PositionLimit);
}

TEST_F(ModelTrading, AThinOfferIsLeftAlone) {
  open();
  settle_down(64'000);
  list(kContract, threshold(64'000));
  quote(kContract, "0.48", "0.51", 20);
  settle_down(64'000);
  spot(64'150);
  EXPECT_TRUE(requests_.empty());
  ASSERT_FALSE(judged_.empty());
  EXPECT_EQ(judged_[0].verdict, Verdict::TooThin);
}

TEST_F(ModelTrading, AQuoteThatStoodForLongIsAbandonedRatherThanLate) {
  begin();
  settle_down(64'000, 320);
  spot(64'150);
  EXPECT_TRUE(requests_.empty());
  ASSERT_FALSE(judged_.empty());
  EXPECT_EQ(judged_[0].verdict, Verdict::StaleBook);
}

// A bet is a part of what there is; a pair that the venue has paid is there once, as what it has cost.
class Bettor : public testing_support::ModelMarket {
 public:
  // $100 are in positions, in one or in both halves of a pair.
  Money bet(bool is_paired, std::int64_t dollars) {
    open();
    for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
      CashSnapshot cash;
      cash.venue = venue;
      cash.cash = Money::whole(dollars);
      say(cash);
    }
    ContractTerms other = threshold(3'000);
    other.asset = Asset::ETH;
    list(InstrumentId{78}, other);
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      if (outcome == Outcome::No && !is_paired) continue;
      PositionSnapshot position;
      position.id = InstrumentId{78};
      position.outcome = outcome;
      position.quantity = Quantity::whole(200);
      position.cost = Money::whole(is_paired ? 50 : 100);
      say(position);
    }
    settle_down(64'000);
    list(kContract, threshold(64'000));
    quote(kContract, "0.48", "0.51");
    settle_down(64'000);
    spot(64'150);
    return requests_.empty() ? Money{} : requests_[0].outlay;
  }
  void TestBody() override {}
};

TEST(ModelBets, APairIsNotCountedTwice) {
  const Money single = Bettor().bet(false, 50);
  EXPECT_GT(single, Money{});
  EXPECT_GT(Bettor().bet(false, 100), single) << "the bet is bound by what there is";
  EXPECT_EQ(Bettor().bet(true, 50), single);
}

TEST_F(ModelTrading, UpDownWithoutItsStartHasNoPrice) {
  open();
  settle_down(64'000);
  ContractTerms terms = threshold(64'000);
  terms.payoff = Payoff::UpDown;
  terms.has_lower = 0;
  terms.not_tradable = NotTradable::UnknownStrike;
  list(kContract, terms);
  quote(kContract, "0.48", "0.51");
  settle_down(64'000);
  spot(64'150);
  EXPECT_TRUE(requests_.empty());
  const auto value = engine_.fair_value(*engine_.market().find(kContract), now_);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error(), PriceUnavailable::UnknownStart);
}

}  // namespace
}  // namespace arbees
