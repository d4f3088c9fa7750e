// What takes from the paper venue's books: within its limit, as far as the depth reaches, and never twice from it.

#include "core/simulation/test_exchange.h"

namespace arbees {
namespace {

using namespace limits_test;  // NOLINT(google-build-using-namespace): the short words of these tests

constexpr BookSide kBid = BookSide::Bid;
constexpr BookSide kAsk = BookSide::Ask;

class TakenDepthTest : public PaperVenueTest {
 protected:
  TakenDepthTest() { show({{kBid, 38, 10}, {kAsk, 40, 10}, {kAsk, 41, 5}, {kAsk, 43, 100}}); }

  // How many are bought at this limit.
  std::int64_t bought(Outcome outcome, std::int64_t limit, std::int64_t contracts) {
    (void)send(order(outcome, limit, contracts));
    return filled().units() / Quantity::kScale;
  }
  std::int64_t bought(std::int64_t limit, std::int64_t contracts) { return bought(Outcome::Yes, limit, contracts); }
};

TEST_F(TakenDepthTest, AnOrderIsFilledLevelByLevelAsFarAsItsLimitReaches) {
  const std::vector<OrderUpdate> told = send(order(41, 20));
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].state, OrderState::Pending) << "more is to come";
  EXPECT_EQ(told[0].fill_price, cents(40));
  EXPECT_EQ(told[0].fill_quantity, Quantity::whole(10));
  EXPECT_EQ(told[0].filled_total, Quantity::whole(10));
  EXPECT_EQ(told[1].state, OrderState::PartlyFilled);
  EXPECT_EQ(told[1].reason, RejectReason::NoLiquidity);
  EXPECT_EQ(told[1].fill_price, cents(41));
  EXPECT_EQ(told[1].fill_quantity, Quantity::whole(5));
  EXPECT_EQ(told[1].filled_total, Quantity::whole(15));
  EXPECT_NE(told[0].venue_fill_id, told[1].venue_fill_id);
  EXPECT_EQ(exchange_.cash(Venue::Kalshi),
            dollars(1'000) - cents(40) * Quantity::whole(10) - cents(41) * Quantity::whole(5));
  EXPECT_EQ(exchange_.held(kContract, Outcome::Yes), Quantity::whole(15));
}

TEST_F(TakenDepthTest, AnOrderThatFitsIsFilledAndEnds) {
  const std::vector<OrderUpdate> told = send(order(40, 10));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].state, OrderState::Filled);
  EXPECT_EQ(told[0].reason, RejectReason::None);
  EXPECT_EQ(told[0].fill_quantity, Quantity::whole(10));
}

TEST_F(TakenDepthTest, BelowTheBestAskNothingIsBought) {
  const std::vector<OrderUpdate> told = send(order(39, 1));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].state, OrderState::Canceled);
  EXPECT_EQ(told[0].reason, RejectReason::NoLiquidity);
  EXPECT_EQ(told[0].fill_quantity, Quantity{});
}

TEST_F(TakenDepthTest, AllOrNothingTakesNothingUnlessItGetsAll) {
  OrderRequest all = order(41, 16);
  all.time_in_force = TimeInForce::FillOrKill;
  const std::vector<OrderUpdate> told = send(all);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].state, OrderState::Canceled);
  EXPECT_EQ(exchange_.held(kContract, Outcome::Yes), Quantity{});
  all = order(41, 15);
  all.time_in_force = TimeInForce::FillOrKill;
  EXPECT_EQ(send(all).back().state, OrderState::Filled) << "the depth was left";
}

TEST_F(TakenDepthTest, DepthThatWeTookStaysTaken) {
  EXPECT_EQ(bought(40, 6), 6);
  EXPECT_EQ(bought(40, 6), 4);
  EXPECT_EQ(bought(40, 6), 0);
  EXPECT_EQ(bought(41, 6), 5) << "the next level was not touched";
}

TEST_F(TakenDepthTest, TakenDepthComesBackWithItsOwnLevelOnly) {
  EXPECT_EQ(bought(41, 15), 15);
  change({kAsk, 43, 50});
  change({kBid, 37, 50});
  change({kBid, 40, 0});  // its price, on the other side
  EXPECT_EQ(bought(41, 15), 0);
  change({kAsk, 41, 7});
  EXPECT_EQ(bought(41, 15), 7);
  change({kAsk, 40, 3});
  EXPECT_EQ(bought(41, 15), 3);
}

TEST_F(TakenDepthTest, ASnapshotRefreshesEveryLevel) {
  EXPECT_EQ(bought(41, 15), 15);
  show({{kBid, 38, 10}, {kAsk, 40, 10}, {kAsk, 41, 5}});
  EXPECT_EQ(bought(41, 20), 15);
}

// Buying No takes the bids of Yes.
TEST_F(TakenDepthTest, BothSidesAreTakenForThemselves) {
  EXPECT_EQ(bought(Outcome::No, 61, 10), 0);
  EXPECT_EQ(bought(Outcome::No, 62, 7), 7);
  EXPECT_EQ(bought(Outcome::No, 62, 7), 3);
  EXPECT_EQ(bought(40, 10), 10);
  change({kAsk, 40, 10});
  EXPECT_EQ(bought(Outcome::No, 62, 7), 0) << "the other side's level";
  change({kBid, 38, 2});
  EXPECT_EQ(bought(Outcome::No, 62, 7), 2);
}

TEST_F(TakenDepthTest, AnUnprovenBookFillsNothing) {
  BookFaulted gap;
  gap.id = kContract;
  gap.fault = BookFault::SequenceGap;
  see(gap);
  const std::vector<OrderUpdate> told = send(order(40, 1));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].state, OrderState::Rejected);
  EXPECT_EQ(told[0].reason, RejectReason::NoLiquidity);
}

}  // namespace
}  // namespace arbees
