// What halts trading from within the execution engine, to the nanosecond and to the unit; and how long the fate of an
// order is in doubt.

#include "core/engine/test_execution.h"

namespace arbees {
namespace {

using namespace limits_test;  // NOLINT(google-build-using-namespace): the short words of these tests

class ExecutionTroubleTest : public ExecutionTest {
 protected:
  // Sent, and nobody knows whether it has arrived.
  OrderRequest doubted() {
    execute(single());
    const OrderRequest order = orders_.back();
    say(update_of(order, OrderState::Unknown));
    return order;
  }
  void settle(std::uint64_t id) {
    ContractSettled settled;
    settled.id = InstrumentId{id};
    settled.payout = kPriceOne;
    say(settled);
  }
  void fail(const OrderUpdate& fill) {
    FillFinalityChanged changed;
    changed.id = fill.id;
    changed.venue_fill_id = fill.venue_fill_id;
    changed.finality = FillFinality::Failed;
    say(changed);
  }
  void set_day_result(Money result) {
    LimitSet set;
    set.row = kDayResultRow;
    set.value = result.units();
    execution_->on(set, now_);
  }
};

// Two seconds after its deadline a silent order is asked about.
TEST_F(ExecutionTroubleTest, ASilentOrderIsDoubtedAfterItsGrace) {
  execute(single());
  const Timestamp due = orders_[0].deadline + std::chrono::seconds(2);
  advance_to(due - kNanosecond);
  EXPECT_EQ(queries_, 0u);
  advance_to(due);
  EXPECT_EQ(queries_, 1u);
}

TEST_F(ExecutionTroubleTest, AnUnknownOrderHaltsWhenItsTimeIsOver) {
  constexpr Duration kMost = std::chrono::seconds(60);
  start(only("CRYPTO_MAX_UNKNOWN_ORDER_SECS", kMost.count()));
  const Timestamp since = now_;
  doubted();
  advance_to(since + kMost - kNanosecond);
  EXPECT_EQ(execution_->take_trouble(), ControlReason::Unstated);
  EXPECT_EQ(portfolio_.total_exposure(), dollars(40)) << "its risk stays reserved";
  advance_to(since + kMost);
  EXPECT_EQ(execution_->take_trouble(), ControlReason::ErrorRate);
}

// An order of an earlier session belongs to no request that is looked at ten times a second.
TEST_F(ExecutionTroubleTest, AnOrderOfAnEarlierSessionHaltsWhenItsTimeIsOver) {
  constexpr Duration kMost = std::chrono::seconds(60);
  start(only("CRYPTO_MAX_UNKNOWN_ORDER_SECS", kMost.count()));
  OrderRequest order;
  order.id = OrderId{7};
  order.instrument = InstrumentId{kLower};
  order.venue = Venue::Kalshi;
  order.asset = Asset::BTC;
  order.limit = cents(40);
  order.quantity = Quantity::whole(kContracts);
  order.deadline = now_;
  const Timestamp since = now_;
  execution_->restore(order, now_);
  EXPECT_EQ(portfolio_.total_exposure(), dollars(40));
  while (execution_->next_work_at() < since + kMost) {
    advance_to(std::max(now_, execution_->next_work_at()));
    ASSERT_EQ(execution_->take_trouble(), ControlReason::Unstated);
  }
  EXPECT_EQ(execution_->next_work_at(), since + kMost);
  advance_to(since + kMost);
  EXPECT_EQ(execution_->take_trouble(), ControlReason::ErrorRate);
}

TEST_F(ExecutionTroubleTest, AnAnswerInTimeIsNoTrouble) {
  constexpr Duration kMost = std::chrono::seconds(60);
  start(only("CRYPTO_MAX_UNKNOWN_ORDER_SECS", kMost.count()));
  const Timestamp since = now_;
  const OrderRequest order = doubted();
  now_ = since + kMost - kNanosecond;
  fill(order);
  advance_to(since + kMost);
  EXPECT_EQ(execution_->take_trouble(), ControlReason::Unstated);
}

// "It never got here" is believed five seconds after the deadline: before, it may still be on its way.
TEST_F(ExecutionTroubleTest, AnAbsentOrderIsBelievedAbsentWhenItCannotArriveAnyMore) {
  const OrderRequest order = doubted();
  now_ = order.deadline + std::chrono::seconds(5) - kNanosecond;
  say(update_of(order, OrderState::Rejected, RejectReason::NotSent));
  EXPECT_EQ(execution_->open_order_count(), 1u);
  EXPECT_EQ(portfolio_.total_exposure(), dollars(40));
  now_ += kNanosecond;
  say(update_of(order, OrderState::Rejected, RejectReason::NotSent));
  EXPECT_EQ(execution_->open_order_count(), 0u);
  EXPECT_EQ(portfolio_.total_exposure(), Money{});
}

TEST_F(ExecutionTroubleTest, AnOrderThatNobodyDoubtsIsBelievedAtOnce) {
  execute(single());
  say(update_of(orders_[0], OrderState::Rejected, RejectReason::NotSent));
  EXPECT_EQ(execution_->open_order_count(), 0u);
}

// Its end tells more than its fills have told: they may come within a second.
TEST_F(ExecutionTroubleTest, AnEndWithoutItsFillsIsAskedAbout) {
  execute(single());
  OrderUpdate end = update_of(orders_[0], OrderState::Filled);
  end.filled_total = orders_[0].quantity;
  const Timestamp told_at = now_;
  say(end);
  EXPECT_EQ(execution_->open_order_count(), 1u);
  advance_to(told_at + std::chrono::seconds(1) - kNanosecond);
  EXPECT_EQ(queries_, 0u);
  advance_to(told_at + std::chrono::seconds(1));
  EXPECT_EQ(queries_, 1u);
  fill(orders_[0]);
  EXPECT_EQ(execution_->open_order_count(), 0u);
}

TEST_F(ExecutionTroubleTest, AFillBeyondItsOrderHaltsAndIsHeldAllTheSame) {
  for (const std::int64_t beyond : {0, 1}) {
    SCOPED_TRACE(beyond);
    start(no_limits());
    execute(single());
    const Quantity most = orders_[0].quantity;
    const Quantity filled = most + Quantity::from_units(beyond);
    say(fill_of(orders_[0], most - Quantity::whole(1), OrderState::Resting));
    EXPECT_EQ(execution_->take_trouble(), ControlReason::Unstated);
    OrderUpdate last = fill_of(orders_[0], filled - (most - Quantity::whole(1)), OrderState::Filled);
    last.filled_total = filled;
    say(last);
    EXPECT_EQ(execution_->take_trouble(), beyond == 0 ? ControlReason::Unstated : ControlReason::Reconciliation);
    EXPECT_EQ(portfolio_.find(InstrumentId{kLower}, Outcome::Yes)->quantity, filled);
  }
}

// The same fill told twice is one; another one after the end is too much.
TEST_F(ExecutionTroubleTest, AFillAfterAFullOrdersEndHalts) {
  execute(single());
  const OrderUpdate whole = fill_of(orders_[0], orders_[0].quantity, OrderState::Filled);
  say(whole);
  say(whole);
  EXPECT_EQ(execution_->take_trouble(), ControlReason::Unstated);
  say(fill_of(orders_[0], Quantity::from_units(1), OrderState::Filled));
  EXPECT_EQ(execution_->take_trouble(), ControlReason::Reconciliation);
}

TEST_F(ExecutionTroubleTest, AFillOfAnOrderThatNobodyKnowsHalts) {
  OrderRequest stranger;
  stranger.id = OrderId{99};
  say(update_of(stranger, OrderState::Canceled));
  EXPECT_EQ(execution_->take_trouble(), ControlReason::Unstated);
  say(fill_of(stranger, Quantity::from_units(1), OrderState::Filled));
  EXPECT_EQ(execution_->take_trouble(), ControlReason::Reconciliation);
}

// A payout was booked for what was never held.
TEST_F(ExecutionTroubleTest, AFillThatFailsAfterItsSettlementHalts) {
  for (const bool is_settled : {false, true}) {
    SCOPED_TRACE(is_settled);
    start(no_limits());
    execute(single());
    const OrderUpdate whole = fill_of(orders_[0], orders_[0].quantity, OrderState::Filled);
    say(whole);
    if (is_settled) settle(kLower);
    fail(whole);
    EXPECT_EQ(execution_->take_trouble(), is_settled ? ControlReason::Reconciliation : ControlReason::Unstated);
  }
}

TEST_F(ExecutionTroubleTest, AFailureOfAFillThatNobodyKnowsHalts) {
  execute(single());
  const OrderUpdate whole = fill_of(orders_[0], orders_[0].quantity, OrderState::Filled);
  fail(whole);
  EXPECT_EQ(execution_->take_trouble(), ControlReason::Reconciliation);
}

TEST_F(ExecutionTroubleTest, AsManyErrorsInAMinuteAsTheLimitHalt) {
  start(only("CRYPTO_MAX_ORDER_ERRORS_PER_MINUTE", 3));
  const auto err = [&](RejectReason reason) {
    execute(single());
    say(update_of(orders_.back(), OrderState::Rejected, reason));
    return execution_->take_trouble();
  };
  const Timestamp first = now_;
  EXPECT_EQ(err(RejectReason::VenueError), ControlReason::Unstated);
  EXPECT_EQ(err(RejectReason::RateLimited), ControlReason::Unstated);
  EXPECT_EQ(err(RejectReason::NoLiquidity), ControlReason::Unstated) << "no error, but an answer";
  now_ = first + std::chrono::seconds(61);
  EXPECT_EQ(err(RejectReason::VenueError), ControlReason::Unstated) << "the first two are a minute ago";
  doubted();
  EXPECT_EQ(execution_->take_trouble(), ControlReason::Unstated);
  EXPECT_EQ(err(RejectReason::OffTick), ControlReason::ErrorRate);
}

TEST_F(ExecutionTroubleTest, ADayThatLosesItsLimitHalts) {
  start(only("CRYPTO_MAX_DAILY_LOSS", dollars(500).units()));
  set_day_result(-dollars(500) + Money::from_units(1));
  EXPECT_EQ(execution_->take_trouble(), ControlReason::Unstated);
  set_day_result(-Money::from_units(1));
  EXPECT_EQ(execution_->take_trouble(), ControlReason::LimitBreached);
}

}  // namespace
}  // namespace arbees
