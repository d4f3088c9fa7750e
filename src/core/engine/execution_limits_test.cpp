// The limits that hold while a request is under way: rates, holds, rounds and the time in which legs may be unequal.

#include "core/engine/test_execution.h"

namespace arbees {
namespace {

using namespace limits_test;  // NOLINT(google-build-using-namespace): the short words of these tests

class ExecutionLimitsTest : public ExecutionTest {
 protected:
  // The first leg is filled; nobody sells the second one, or buys the first one back.
  void begin_naked(const RiskLimits& limits) {
    start(limits);
    book(kLower, cents(39), cents(40));
    book(kHigher, cents(50), cents(51));
    execute(pair());
    ASSERT_EQ(orders_.size(), 2u);
    fill(orders_[0]);
    take_bids_away();
    book(kHigher, kPriceZero, cents(51));
    refuse(orders_[1]);
    ASSERT_EQ(orders_.size(), 2u);
  }
  void take_bids_away() { book(kLower, kPriceZero, cents(40)); }
};

struct RateCase {
  std::string_view limit;
  Duration until_forgotten;  // at the latest: the window and a sixtieth
};
constexpr RateCase kRates[] = {
    {"CRYPTO_MAX_ORDERS_PER_MINUTE", std::chrono::seconds(61)},
    {"CRYPTO_MAX_ORDERS_PER_HOUR", std::chrono::minutes(61)},
};

TEST_F(ExecutionLimitsTest, OfARateTheLastIsSentAndTheNextWaitsUntilTheWindowHasMoved) {
  for (const RateCase& each : kRates) {
    SCOPED_TRACE(each.limit);
    start(only(each.limit, 3));
    const Timestamp first = now_ = from_unix_s(72'000);  // where a minute begins, and an hour
    for (int i = 0; i < 3; ++i) execute(single());
    EXPECT_EQ(orders_.size(), 3u);
    EXPECT_FALSE(can(single()));
    now_ = first + each.until_forgotten - kNanosecond;
    EXPECT_FALSE(can(single()));
    now_ = first + each.until_forgotten;
    EXPECT_TRUE(can(single()));
  }
}

TEST_F(ExecutionLimitsTest, AllLegsOfARequestCountForTheRate) {
  for (const RateCase& each : kRates) {
    SCOPED_TRACE(each.limit);
    start(only(each.limit, 3));
    execute(pair());
    EXPECT_FALSE(can(pair()));
    EXPECT_TRUE(can(single()));
  }
}

TEST_F(ExecutionLimitsTest, ARequestBeginsOnlyIfItFitsWithAllThatIsUnderWay) {
  start(only("CRYPTO_MAX_TOTAL_EXPOSURE", dollars(180).units()));
  execute(pair());
  EXPECT_TRUE(can(pair()));
  start(only("CRYPTO_MAX_TOTAL_EXPOSURE", dollars(180).units() - 1));
  execute(pair());
  EXPECT_FALSE(can(pair()));
}

// Only the riskiest leg is out; what the other may cost is kept aside all the same.
TEST_F(ExecutionLimitsTest, ALegThatIsNotSentYetIsHeld) {
  start(only("CRYPTO_SEQUENTIAL_DEPTH", row("CRYPTO_SEQUENTIAL_DEPTH").most));
  execute(pair());
  ASSERT_EQ(orders_.size(), 1u);
  EXPECT_EQ(portfolio_.total_exposure(), dollars(90));
  EXPECT_EQ(portfolio_.free_cash(Venue::Kalshi), dollars(910));
  fill(orders_[0]);
  ASSERT_EQ(orders_.size(), 2u) << "the hold has become the second order's reserve";
  EXPECT_EQ(portfolio_.total_exposure(), dollars(90));
  EXPECT_EQ(portfolio_.free_cash(Venue::Kalshi), dollars(910));
  fill(orders_[1]);
  EXPECT_EQ(execution_->open_request_count(), 0u);
  EXPECT_EQ(portfolio_.total_exposure(), dollars(90));
  EXPECT_EQ(portfolio_.free_cash(Venue::Kalshi), portfolio_.cash(Venue::Kalshi));
}

// Its money may be wanted again as long as the other order is out, and no longer.
TEST_F(ExecutionLimitsTest, WhatAnEndedOrderDidNotNeedIsHeldUntilItsRequestEnds) {
  execute(pair());
  refuse(orders_[0]);
  EXPECT_EQ(portfolio_.total_exposure(), dollars(90));
  refuse(orders_[1]);
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].outcome, RequestOutcome::Failed);
  EXPECT_EQ(portfolio_.total_exposure(), Money{});
  EXPECT_EQ(portfolio_.free_cash(Venue::Kalshi), dollars(1'000));
}

TEST_F(ExecutionLimitsTest, WhatAFillHasCostIsReservedNoMore) {
  execute(single());
  OrderUpdate part = fill_of(orders_[0], Quantity::whole(40), OrderState::Resting);
  part.fill_price = cents(30);
  say(part);
  EXPECT_EQ(portfolio_.cash(Venue::Kalshi), dollars(988));
  EXPECT_EQ(portfolio_.free_cash(Venue::Kalshi), dollars(960)) << "12 of the 40 are spent, 28 may be";
  EXPECT_EQ(portfolio_.total_exposure(), dollars(40));
  OrderUpdate rest = fill_of(orders_[0], Quantity::whole(60), OrderState::Filled);
  rest.filled_total = orders_[0].quantity;
  say(rest);
  EXPECT_EQ(portfolio_.free_cash(Venue::Kalshi), dollars(964));
  EXPECT_EQ(portfolio_.total_exposure(), dollars(36));
}

// It may be filled again for as long as its order is out.
TEST_F(ExecutionLimitsTest, AFillThatFailsIsReservedAgain) {
  execute(single());
  const OrderUpdate part = fill_of(orders_[0], Quantity::whole(40), OrderState::Resting);
  say(part);
  FillFinalityChanged failed;
  failed.id = part.id;
  failed.venue_fill_id = part.venue_fill_id;
  failed.finality = FillFinality::Failed;
  say(failed);
  EXPECT_EQ(portfolio_.cash(Venue::Kalshi), dollars(1'000));
  EXPECT_EQ(portfolio_.free_cash(Venue::Kalshi), dollars(960));
  EXPECT_EQ(portfolio_.total_exposure(), dollars(40));
}

// The second leg has become dearer: it is bought for 55 cents if a position may cost so much, else the first is sold.
TEST_F(ExecutionLimitsTest, ACompletionMustFitTheLimits) {
  for (const bool fits : {true, false}) {
    begin_naked(only("CRYPTO_MAX_POSITION_SIZE", dollars(55).units() - (fits ? 0 : 1)));
    book(kHigher, cents(45), cents(46));
    advance();
    if (fits) {
      EXPECT_EQ(latest(kHigher, Side::Buy).limit, cents(55));
      continue;
    }
    EXPECT_EQ(orders_.size(), 2u);
    EXPECT_EQ(portfolio_.total_exposure(), dollars(90)) << "held for a better price";
    book(kLower, cents(39), cents(40));
    advance();
    EXPECT_EQ(latest(kLower, Side::Sell).quantity, Quantity::whole(kContracts));
  }
}

TEST_F(ExecutionLimitsTest, UnequalLegsAreCompletedUntilTheirTimeIsOver) {
  constexpr Duration kMost = std::chrono::seconds(10);
  for (const Duration early : {kNanosecond, Duration{0}}) {
    begin_naked(only("CRYPTO_MAX_NAKED_SECS", kMost.count()));
    now_ += kMost - early;
    book(kHigher, cents(50), cents(51));
    advance();
    if (early > Duration{0}) {
      EXPECT_EQ(latest(kHigher, Side::Buy).quantity, Quantity::whole(kContracts));
      EXPECT_TRUE(ended_.empty());
      continue;
    }
    EXPECT_EQ(orders_.size(), 2u);
    ASSERT_EQ(ended_.size(), 1u);
    EXPECT_EQ(ended_[0].outcome, RequestOutcome::Kept);
    EXPECT_EQ(ended_[0].naked_time, kMost);
    EXPECT_EQ(ended_[0].naked_loss, dollars(40));
  }
}

// Better completed than sold, but for that it is too late.
TEST_F(ExecutionLimitsTest, AfterItsTimeWhatIsUnequalIsSold) {
  constexpr Duration kMost = std::chrono::seconds(10);
  begin_naked(only("CRYPTO_MAX_NAKED_SECS", kMost.count()));
  now_ += kMost;
  book(kHigher, cents(50), cents(51));
  book(kLower, cents(20), cents(40));
  advance();
  EXPECT_EQ(latest(kLower, Side::Sell).quantity, Quantity::whole(kContracts));
}

// The opening is the first of them; afterwards it only sells, however cheap the missing leg is.
TEST_F(ExecutionLimitsTest, BuysInAsManyRoundsAsAllowed) {
  for (const std::int64_t rounds : {1, 2, 5}) {
    SCOPED_TRACE(rounds);
    start(only("CRYPTO_MAX_LEG_ROUNDS", rounds));
    execute(pair());
    fill(orders_[0]);
    for (std::int64_t round = 1; round <= rounds; ++round) refuse(latest(kHigher, Side::Buy));
    EXPECT_EQ(orders_.size(), static_cast<std::size_t>(rounds) + 2);
    EXPECT_EQ(latest(kLower, Side::Sell).quantity, Quantity::whole(kContracts));
  }
}

// After twice as many rounds it ends at the first look at which nothing can be sold.
TEST_F(ExecutionLimitsTest, GivesUpAfterTwiceAsManyRounds) {
  start(only("CRYPTO_MAX_LEG_ROUNDS", 2));
  execute(pair());
  fill(orders_[0]);
  refuse(latest(kHigher, Side::Buy));  // round 1
  refuse(latest(kHigher, Side::Buy));
  const OrderRequest third = latest(kLower, Side::Sell);
  take_bids_away();
  refuse(third);
  advance();
  EXPECT_TRUE(ended_.empty()) << "three rounds: it waits for bids";
  book(kLower, cents(39), cents(40));
  advance();
  ASSERT_EQ(orders_.size(), 5u);
  take_bids_away();
  refuse(latest(kLower, Side::Sell));
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].outcome, RequestOutcome::Kept);
  EXPECT_EQ(ended_[0].kept, Quantity::whole(kContracts));
}

}  // namespace
}  // namespace arbees
