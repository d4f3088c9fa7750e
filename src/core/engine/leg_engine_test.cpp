// What makes the legs of a request even, and what that may cost.

#include "core/engine/leg_engine.h"

#include "core/engine/test_engine.h"

namespace arbees {
namespace {

using test::money;
using test::price;

constexpr std::uint64_t kLower = 32;
constexpr std::uint64_t kHigher = 31;

// Yes of the lower strike and No of the higher one: 100 of each pay at least $100.
class LegEngineTest : public test::EngineTest {
 protected:
  LegEngineTest() {
    list(kLower, threshold(Venue::Polymarket, 63'000));
    list(kHigher, threshold(Venue::Polymarket, 64'000));
    limits_.unwind_budget = money("2");
    add_leg(kLower, Outcome::Yes, "0.40");
    add_leg(kHigher, Outcome::No, "0.50");
    task_.guaranteed = Money::whole(100);
  }

  void add_leg(std::uint64_t id, Outcome outcome, std::string_view at) {
    LegState leg;
    leg.leg.instrument = InstrumentId{id};
    leg.leg.venue = Venue::Polymarket;
    leg.leg.outcome = outcome;
    leg.leg.quantity = Quantity::whole(100);
    leg.leg.price = price(at);
    legs_.push_back(leg);
  }
  void fill(std::size_t leg, std::int64_t contracts, std::string_view spent) {
    legs_[leg].held = Quantity::whole(contracts);
    legs_[leg].spent = money(spent);
  }

  [[nodiscard]] LegPlan plan() {
    task_.now = now_;
    return even_plan(legs_, task_, engine_->market(), limits_);
  }
  void expect_order(const LegPlan& plan, Side side, std::int64_t contracts, std::string_view limit) {
    ASSERT_EQ(plan.step, LegStep::Send);
    ASSERT_EQ(plan.orders.size(), 1u);
    EXPECT_EQ(plan.orders[0].side, side);
    EXPECT_EQ(plan.orders[0].quantity, Quantity::whole(contracts));
    EXPECT_EQ(plan.orders[0].limit, price(limit));
  }

  LegStates legs_;
  EvenTask task_;
};

TEST_F(LegEngineTest, EvenLegsNeedNothing) {
  fill(0, 70, "28");
  fill(1, 70, "35");
  EXPECT_EQ(plan().step, LegStep::Even);
}

TEST_F(LegEngineTest, CompletesOrUnwindsWhicheverLosesLess) {
  fill(0, 100, "40");
  book(kLower, {{"0.39"}}, {{"0.41"}});
  book(kHigher, {{"0.40"}}, {{"0.42"}});  // its No costs 0.60: both for the dollar that they pay
  expect_order(plan(), Side::Buy, 100, "0.60");
  book(kHigher, {{"0.38"}}, {{"0.42"}});  // 0.62: two dollars lost; sold at 0.39, one
  expect_order(plan(), Side::Sell, 100, "0.39");
}

// Sold at 0.38, where it had cost 0.40, it loses the budget to the unit.
TEST_F(LegEngineTest, UnwindingLosesAsMuchAsTheBudgetAndNoMore) {
  task_.may_buy = false;
  fill(0, 100, "40");
  book(kLower, {{"0.38"}}, {{"0.41"}});
  expect_order(plan(), Side::Sell, 100, "0.38");  // no room below it: at 0.36 it would lose four dollars
  limits_.unwind_budget = Money::from_units(money("2").units() - 1);
  EXPECT_EQ(plan().step, LegStep::Wait);
  limits_.unwind_budget = money("4");
  expect_order(plan(), Side::Sell, 100, "0.36");
}

// What it would lose at its limit counts: the bids above it may be gone on arrival.
TEST_F(LegEngineTest, BetterBidsAboveTheLimitMakeNoBudget) {
  task_.may_buy = false;
  fill(0, 100, "40");
  book(kLower, {{"0.40", 90}, {"0.37", 10}}, {{"0.41"}});
  EXPECT_EQ(plan().step, LegStep::Wait) << "30 cents by the book, three dollars at its limit";
  limits_.unwind_budget = money("3");
  expect_order(plan(), Side::Sell, 100, "0.37");
}

TEST_F(LegEngineTest, CompletingLosesAsMuchAsTheBudgetAndNoMore) {
  fill(0, 100, "40");
  book(kLower, {}, {{"0.41"}});           // nobody buys it back
  book(kHigher, {{"0.38"}}, {{"0.42"}});  // 0.62
  expect_order(plan(), Side::Buy, 100, "0.62");
  limits_.unwind_budget = Money::from_units(money("2").units() - 1);
  EXPECT_EQ(plan().step, LegStep::Wait);
}

TEST_F(LegEngineTest, EarlierSalesOfTheRequestUseTheBudgetUp) {
  task_.may_buy = false;
  fill(0, 100, "40");
  book(kLower, {{"0.39"}}, {{"0.41"}});
  limits_.unwind_budget = money("3");
  task_.lost_by_sales = money("2");
  expect_order(plan(), Side::Sell, 100, "0.39");
  task_.lost_by_sales += Money::from_units(1);
  EXPECT_EQ(plan().step, LegStep::Wait);
  task_.lost_by_sales = money("-50");  // what sales have gained buys no loss
  book(kLower, {{"0.36"}}, {{"0.41"}});
  EXPECT_EQ(plan().step, LegStep::Wait);
}

// Fifty of each were bought for $51, and pay $50.
TEST_F(LegEngineTest, CompletionsAtALossUseTheBudgetUp) {
  task_.may_buy = false;
  fill(0, 100, "40");
  fill(1, 50, "31");
  book(kLower, {{"0.38"}}, {{"0.41"}});
  expect_order(plan(), Side::Sell, 50, "0.38");  // one dollar more
  limits_.unwind_budget = Money::from_units(money("2").units() - 1);
  EXPECT_EQ(plan().step, LegStep::Wait);
}

TEST_F(LegEngineTest, WhatLosesNothingNeedsNoBudget) {
  task_.lost_by_sales = money("10");
  fill(0, 100, "40");
  book(kLower, {{"0.40"}}, {{"0.41"}});
  book(kHigher, {{"0.38"}}, {{"0.42"}});
  expect_order(plan(), Side::Sell, 100, "0.40");
}

TEST_F(LegEngineTest, BuysFromNoBookThatIsTooOldAndStillSells) {
  fill(0, 100, "40");
  book(kHigher, {{"0.50"}}, {{"0.52"}});
  book(kLower, {{"0.39"}}, {{"0.41"}});
  const Timestamp told_at = engine_->market().find(InstrumentId{kHigher})->book.updated_at();
  now_ = told_at + limits_.price_staleness;
  expect_order(plan(), Side::Buy, 100, "0.50");
  now_ += Duration(1);
  expect_order(plan(), Side::Sell, 100, "0.39");
}

// Of two sales the one that gains may find nobody.
TEST_F(LegEngineTest, WhatOneSaleGainsPaysForNoOther) {
  list(30, threshold(Venue::Polymarket, 62'000));
  add_leg(30, Outcome::Yes, "0.10");
  task_.may_buy = false;
  fill(0, 100, "40");
  fill(1, 100, "50");
  book(kLower, {{"0.50"}}, {{"0.60"}});
  book(kHigher, {{"0.50"}}, {{"0.53"}});  // bids of 0.47 for its No
  EXPECT_EQ(plan().step, LegStep::Wait) << "ten dollars gained, three lost";
  limits_.unwind_budget = money("3");
  EXPECT_EQ(plan().orders.size(), 2u);
}

// Each round finds ten bids, at 0.20 less than was paid.
TEST_F(LegEngineTest, AThinBookCannotBeSoldIntoBeyondTheBudget) {
  limits_.unwind_budget = money("5");
  limits_.max_leg_rounds = 50;
  restart();
  list(kLower, threshold(Venue::Polymarket, 63'000));
  list(kHigher, threshold(Venue::Polymarket, 64'000));
  book(kLower, {{"0.38"}}, {{"0.40", 100}});
  book(kHigher, {{"0.50", 100}}, {{"0.52"}});
  ASSERT_EQ(orders_.size(), 2u);
  book(kHigher, {{"0.10", 100}}, {{"0.12"}});
  book(kLower, {{"0.20", 10}}, {{"0.40"}});
  answer_orders([](const OrderRequest& order) { return order.instrument.value == kLower; });
  Quantity sold;
  Money lost;
  for (int round = 0; round < 60; ++round) {
    for (const OrderRequest& order : orders_) {
      ASSERT_EQ(order.side, Side::Sell);
      sold += order.quantity;
      lost += (price("0.40") - order.limit) * order.quantity;
    }
    answer_orders([](const OrderRequest&) { return true; });
    book(kLower, {{"0.20", 10}}, {{"0.40"}});
    wait(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(sold, Quantity::whole(20));
  EXPECT_LE(lost, limits_.unwind_budget);
}

}  // namespace
}  // namespace arbees
