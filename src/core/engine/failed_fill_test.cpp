// Trades that fail on chain after what they bought was sold: what requests hold is what there is.

#include "core/engine/test_engine.h"

namespace arbees {
namespace {

constexpr std::uint64_t kLower = 32;
constexpr std::uint64_t kHigher = 31;

// Yes of the lower strike for 40 cents and No of the higher one for 50: together they pay a dollar at least.
class FailedFillTest : public test::EngineTest {
 protected:
  FailedFillTest() {
    list(kHigher, threshold(Venue::Polymarket, 64'000));
    list(kLower, threshold(Venue::Polymarket, 63'000));
  }

  void offer() {
    book(kLower, {{"0.38", 10}}, {{"0.40", 10}});
    book(kHigher, {{"0.50", 10}}, {{"0.52", 10}});
  }
  void withdraw() { book(kHigher, {{"0.20", 10}}, {{"0.22", 10}}); }

  // The first leg is bought and the second is not, nor is it worth its price any more: the first is sold again.
  void buy_and_sell_again() {
    offer();
    ASSERT_EQ(orders_.size(), 2u);
    withdraw();
    answer_orders([&](const OrderRequest& order) {
      if (order.instrument.value == kLower) bought_ = {order.id, fills_ + 1};
      return order.instrument.value == kLower;
    });
    ASSERT_EQ(orders_.size(), 1u);
    ASSERT_EQ(orders_[0].side, Side::Sell);
    sold_ = {orders_[0].id, fills_ + 1};
    answer_orders([](const OrderRequest&) { return true; });
    EXPECT_EQ(engine_->execution().open_request_count(), 0u);
  }

  struct Trade {
    OrderId order;
    std::uint64_t fill = 0;
  };
  void fail(const Trade& trade) {
    FillFinalityChanged changed;
    changed.id = trade.order;
    changed.venue_fill_id = trade.fill;
    changed.finality = FillFinality::Failed;
    say(changed);
  }
  [[nodiscard]] Quantity held(std::uint64_t id, Outcome outcome) const {
    const Position* position = engine_->portfolio().find(InstrumentId{id}, outcome);
    return position == nullptr ? Quantity{} : position->quantity;
  }

  Trade bought_;
  Trade sold_;
};

TEST_F(FailedFillTest, APurchaseAndItsSaleThatBothFailLeaveNothingToMakeEven) {
  buy_and_sell_again();
  fail(bought_);
  EXPECT_EQ(held(kLower, Outcome::Yes), Quantity::whole(-10));
  book(kLower, {{"0.38", 10}}, {{"0.45", 10}});  // what is owed is no position to arbitrage with
  book(kHigher, {{"0.20", 10}}, {{"0.22", 10}});
  orders_.clear();
  fail(sold_);
  EXPECT_EQ(held(kLower, Outcome::Yes), Quantity{});
  for (int look = 0; look < 5; ++look) wait(std::chrono::milliseconds(200));
  EXPECT_TRUE(orders_.empty()) << "nothing is held that could be sold or hedged";
  EXPECT_EQ(engine_->execution().open_request_count(), 0u);
  EXPECT_EQ(engine_->state(), TradingState::Active);
  EXPECT_EQ(engine_->portfolio().cash(Venue::Polymarket), test::money("10000"));
}

TEST_F(FailedFillTest, WhatAnotherRequestHeldIsBoughtAgain) {
  buy_and_sell_again();
  wait(std::chrono::seconds(2));
  offer();
  ASSERT_EQ(orders_.size(), 2u);
  const RequestId second = orders_[0].request;
  answer_orders([](const OrderRequest&) { return true; });
  EXPECT_EQ(held(kLower, Outcome::Yes), Quantity::whole(10));
  EXPECT_EQ(held(kHigher, Outcome::No), Quantity::whole(10));

  // The first request's sale took the second one's contracts.
  book(kLower, {{"0.38", 10}}, {{"0.40", 10}});
  orders_.clear();
  fail(bought_);
  EXPECT_EQ(held(kLower, Outcome::Yes), Quantity{});
  ASSERT_EQ(orders_.size(), 1u) << "a hedge is gone";
  EXPECT_EQ(orders_[0].request, second);
  EXPECT_EQ(orders_[0].instrument.value, kLower);
  EXPECT_EQ(orders_[0].side, Side::Buy);
  answer_orders([](const OrderRequest&) { return true; });
  EXPECT_EQ(held(kLower, Outcome::Yes), Quantity::whole(10));
  EXPECT_EQ(engine_->execution().open_request_count(), 0u);

  // The sale failed, too: now there is too much, and the other leg has become dear.
  withdraw();
  orders_.clear();
  fail(sold_);
  ASSERT_EQ(orders_.size(), 1u);
  EXPECT_EQ(orders_[0].side, Side::Sell);
  EXPECT_EQ(orders_[0].quantity, Quantity::whole(10));
}

// What unwinding has cost is the request's own loss, whatever else of the contract is held and what that has cost.
TEST_F(FailedFillTest, UnwindingCostsWhatTheRequestHadPaid) {
  offer();
  ASSERT_EQ(orders_.size(), 2u);
  withdraw();
  Money paid;
  answer_orders([&](const OrderRequest& order) {
    const bool is_lower = order.instrument.value == kLower;
    if (is_lower) paid = order.limit * order.quantity;
    return is_lower;
  });
  ASSERT_EQ(orders_.size(), 1u);
  ASSERT_EQ(orders_[0].side, Side::Sell);
  const Money brought = orders_[0].limit * orders_[0].quantity;
  hold(kLower, Outcome::Yes, 30, "24.50");  // twenty more, at a dollar each
  std::vector<RequestEnded> ends;
  answer_orders([](const OrderRequest&) { return true; });
  for (const Report& report : outputs_.reports) {
    if (const auto* ended = std::get_if<RequestEnded>(&report.body)) ends.push_back(*ended);
  }
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].outcome, RequestOutcome::Unwound);
  EXPECT_EQ(ends[0].unwind_cost, paid - brought);
}

}  // namespace
}  // namespace arbees
