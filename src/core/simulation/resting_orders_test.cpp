// Orders that rest at the paper venue: they never take, they wait behind who was there before, and share what comes.

#include <algorithm>

#include "core/simulation/test_exchange.h"

namespace arbees {
namespace {

using namespace limits_test;  // NOLINT(google-build-using-namespace): the short words of these tests

constexpr BookSide kBid = BookSide::Bid;
constexpr BookSide kAsk = BookSide::Ask;

class RestingOrdersTest : public PaperVenueTest {
 protected:
  RestingOrdersTest() { show({{kBid, 39, 10}, {kBid, 37, 10}, {kAsk, 42, 10}}); }

  // A purchase of five behind the ten that are bid already.
  OrderRequest join() {
    const OrderRequest joined = order(39, 5);
    EXPECT_EQ(rest(joined), OrderState::Resting);
    return joined;
  }
};

struct PostOnlyCase {
  Outcome outcome;
  std::int64_t limit;
  OrderState state;
};
constexpr PostOnlyCase kPostOnly[] = {
    {Outcome::Yes, 41, OrderState::Resting},  {Outcome::Yes, 42, OrderState::Rejected},  // the ask
    {Outcome::Yes, 43, OrderState::Rejected}, {Outcome::No, 60, OrderState::Resting},
    {Outcome::No, 61, OrderState::Rejected},  // the bid of Yes at 39
};

TEST_F(RestingOrdersTest, WhatWouldTakeIsRefusedAndTakesNothing) {
  for (const PostOnlyCase& each : kPostOnly) {
    SCOPED_TRACE(each.limit);
    const OrderRequest sent = order(each.outcome, each.limit, 5);
    EXPECT_EQ(rest(sent), each.state);
    const bool rests = each.state == OrderState::Resting;
    EXPECT_EQ(heard_.back().reason, rests ? RejectReason::None : RejectReason::WouldCross);
    EXPECT_EQ(exchange_.has_resting_orders(), rests);
    EXPECT_EQ(heard_.back().fill_quantity, Quantity{});
    if (!rests) continue;
    EXPECT_EQ(send(sent, OrderAction::Cancel).back().state, OrderState::Canceled);
  }
  EXPECT_EQ(exchange_.cash(Venue::Kalshi), dollars(1'000));
}

TEST_F(RestingOrdersTest, TheQueueBeforeItIsServedFirst) {
  join();
  trade(kAsk, 39, 10);
  EXPECT_EQ(filled(), Quantity{});
  trade(kAsk, 39, 3);
  EXPECT_EQ(filled(), Quantity::whole(3));
  EXPECT_EQ(heard_.back().state, OrderState::Resting);
  EXPECT_EQ(heard_.back().fill_price, cents(39));
  trade(kAsk, 39, 7);
  EXPECT_EQ(filled(), Quantity::whole(5)) << "no more than it asked for";
  EXPECT_EQ(heard_.back().state, OrderState::Filled);
  EXPECT_EQ(heard_.back().filled_total, Quantity::whole(5));
  EXPECT_FALSE(exchange_.has_resting_orders());
  EXPECT_EQ(exchange_.cash(Venue::Kalshi), dollars(1'000) - cents(39) * Quantity::whole(5));
}

TEST_F(RestingOrdersTest, ATradeLargerThanTheQueueReachesItWithTheRest) {
  join();
  trade(kAsk, 39, 12);
  EXPECT_EQ(filled(), Quantity::whole(2));
}

// Who leaves the level was before us at best; who joins it is behind.
TEST_F(RestingOrdersTest, TheQueueShrinksWithItsLevelAndNeverGrows) {
  join();
  change({kBid, 39, 4});
  change({kBid, 39, 50});
  change({kBid, 37, 0});  // another level
  trade(kAsk, 39, 4);
  EXPECT_EQ(filled(), Quantity{});
  trade(kAsk, 39, 1);
  EXPECT_EQ(filled(), Quantity::whole(1));
}

TEST_F(RestingOrdersTest, OnlyWhoSellsReachesABid) {
  join();
  trade(kBid, 39, 100);
  trade(kAsk, 40, 100);  // at a better bid
  EXPECT_EQ(filled(), Quantity{});
}

TEST_F(RestingOrdersTest, ATradeThroughItsPriceReachesItWhateverTheQueue) {
  join();
  trade(kAsk, 38, 3);
  EXPECT_EQ(filled(), Quantity::whole(3));
  EXPECT_EQ(heard_.back().fill_price, cents(39)) << "at its own price";
}

TEST_F(RestingOrdersTest, AQuoteThatMeetsItFillsWhatItShows) {
  join();
  change({kBid, 39, 0});
  change({kAsk, 40, 50});
  EXPECT_EQ(filled(), Quantity{});
  change({kAsk, 39, 2});
  EXPECT_EQ(filled(), Quantity::whole(2));
}

// A purchase of No lies among the asks of Yes.
TEST_F(RestingOrdersTest, APurchaseOfNoWaitsAmongTheAsks) {
  EXPECT_EQ(rest(order(Outcome::No, 58, 5)), OrderState::Resting);  // asked at 42, behind ten
  trade(kAsk, 42, 100);
  EXPECT_EQ(filled(), Quantity{});
  trade(kBid, 42, 11);
  EXPECT_EQ(filled(), Quantity::whole(1));
  EXPECT_EQ(heard_.back().fill_price, cents(58));
  EXPECT_EQ(exchange_.held(kContract, Outcome::No), Quantity::whole(1));
}

TEST_F(RestingOrdersTest, ACancelledOrderIsFilledNoMore) {
  const OrderRequest joined = join();
  trade(kAsk, 39, 12);
  EXPECT_EQ(filled(), Quantity::whole(2));
  EXPECT_EQ(send(joined, OrderAction::Cancel).back().state, OrderState::PartlyFilled);
  EXPECT_EQ(heard_.back().filled_total, Quantity::whole(2));
  EXPECT_FALSE(exchange_.has_resting_orders());
  trade(kAsk, 39, 100);
  EXPECT_EQ(filled(), Quantity{});
}

// Both lie behind the ten: what a trade or a quote brings is there once.
TEST_F(RestingOrdersTest, OrdersOfOursShareWhatComes) {
  join();
  join();
  trade(kAsk, 39, 13);
  EXPECT_EQ(filled(), Quantity::whole(3)) << "of the first one";
  trade(kAsk, 39, 4);
  EXPECT_EQ(filled(), Quantity::whole(7)) << "two are left of it, and two for the second one";
  trade(kAsk, 38, 2);
  EXPECT_EQ(filled(), Quantity::whole(9));
}

TEST_F(RestingOrdersTest, OrdersOfOursShareAQuoteThatMeetsThem) {
  join();
  join();
  change({kBid, 39, 0});
  change({kAsk, 39, 7});
  EXPECT_EQ(filled(), Quantity::whole(7));
}

// Each end tells its own order's fill.
TEST_F(RestingOrdersTest, OrdersThatAreFilledByOneTradeAreToldEach) {
  const OrderRequest first = join();
  const OrderRequest second = join();
  trade(kAsk, 38, 10);
  EXPECT_EQ(filled(), Quantity::whole(10));
  for (const OrderRequest& each : {first, second}) {
    const auto is_its_end = [&](const OrderUpdate& update) {
      return update.id == each.id && update.state == OrderState::Filled && update.fill_quantity == each.quantity;
    };
    EXPECT_EQ(std::count_if(heard_.begin(), heard_.end(), is_its_end), 1);
  }
}

TEST_F(RestingOrdersTest, WithoutTheMoneyForItNothingIsFilled) {
  CashSnapshot cash;
  cash.venue = Venue::Kalshi;
  cash.cash = cents(39) * Quantity::whole(5) - Money::from_units(1);
  see(cash);
  join();
  trade(kAsk, 38, 5);
  EXPECT_EQ(filled(), Quantity{});
  cash.cash += Money::from_units(1);
  see(cash);
  trade(kAsk, 38, 5);
  EXPECT_EQ(filled(), Quantity::whole(5));
  EXPECT_EQ(exchange_.cash(Venue::Kalshi), Money{});
}

}  // namespace
}  // namespace arbees
