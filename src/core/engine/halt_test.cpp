// Halts from within: what breaks a limit cancels what is out with the same event.

#include "core/engine/test_engine.h"

namespace arbees {
namespace {

class HaltTest : public test::EngineTest {
 protected:
  // Two contracts whose books offer a riskless purchase of both: two orders are out.
  void trade() {
    offer();
    ASSERT_EQ(orders_.size(), 2u);
  }
  void trade_without_orders() {
    offer();
    EXPECT_TRUE(orders_.empty());
  }
  void offer() {
    list(31, threshold(Venue::Kalshi, 64'000));
    list(32, threshold(Venue::Kalshi, 63'000));
    book(32, {{"0.38", 100}}, {{"0.40", 100}});
    book(31, {{"0.50", 100}}, {{"0.52", 100}});
  }
  [[nodiscard]] std::size_t sent(OrderAction action) const {
    std::size_t count = 0;
    for (const OrderCommand& command : outputs_.orders) count += static_cast<std::size_t>(command.action == action);
    return count;
  }
  void set_daily_loss(std::string_view amount) {
    RiskLimits changed = limits_;
    changed.max_daily_loss = test::money(amount);
    for (std::uint32_t row = 0; row < kLimitCount; ++row) {
      LimitSet set;
      set.row = row;
      set.value = limit_table()[row].get(changed);
      say(set);
    }
  }
  void day(std::int64_t row, std::string_view result) {
    LimitSet set;
    set.row = static_cast<std::uint32_t>(row);
    set.value = test::money(result).units();
    say(set);
  }
};

TEST_F(HaltTest, ABreachedDailyLossCancelsWithTheSameEvent) {
  trade();
  limits_.max_daily_loss = Money::whole(500);
  day(kDayResultRow, "-500");
  EXPECT_EQ(engine_->state(), TradingState::Halted);
  EXPECT_EQ(engine_->state_reason(), ControlReason::LimitBreached);
  EXPECT_EQ(sent(OrderAction::Cancel), 2u);
  EXPECT_EQ(sent(OrderAction::Submit), 0u);
}

TEST_F(HaltTest, TooManyRefusalsCancelWithTheSameEvent) {
  limits_.max_order_errors_per_minute = 1;
  restart();
  trade();
  OrderUpdate refused;
  refused.id = orders_[0].id;
  refused.instrument = orders_[0].instrument;
  refused.state = OrderState::Rejected;
  refused.reason = RejectReason::VenueError;
  say(refused);
  EXPECT_EQ(engine_->state_reason(), ControlReason::ErrorRate);
  EXPECT_EQ(sent(OrderAction::Cancel), 1u) << "the other leg is still out";
  EXPECT_EQ(sent(OrderAction::Submit), 0u);
}

TEST_F(HaltTest, AFillThatFitsNowhereCancelsWithTheSameEvent) {
  trade();
  OrderUpdate strange;
  strange.id = OrderId{987'654};
  strange.fill_quantity = Quantity::whole(1);
  strange.venue_fill_id = 3;
  say(strange);
  EXPECT_EQ(engine_->state_reason(), ControlReason::Reconciliation);
  EXPECT_EQ(sent(OrderAction::Cancel), 2u);
}

TEST_F(HaltTest, EarlierSessionsCountForTheDay) {
  day(kDayResultRow, "-499.99");
  EXPECT_EQ(engine_->state(), TradingState::Active);
  day(kDayResultRow, "-0.01");
  EXPECT_EQ(engine_->state(), TradingState::Halted);
}

TEST_F(HaltTest, ResumedOnALostDayItOnlySellsUntilTheDayEnds) {
  day(kDayResultRow, "-500");
  say(Control{ControlCommand::Resume, ControlReason::Operator});
  EXPECT_EQ(engine_->state(), TradingState::Reducing);
  EXPECT_EQ(engine_->state_reason(), ControlReason::LimitBreached);
  day(kDayResultRow, "-10");
  EXPECT_EQ(engine_->state(), TradingState::Reducing) << "what is sold at a loss does not halt the sales";
  trade_without_orders();
  wait(std::chrono::hours(24));
  EXPECT_EQ(engine_->state(), TradingState::Active);
}

TEST_F(HaltTest, WhatComesBackOnALostDayBuysNothing) {
  day(kDayResultRow, "-500");
  say(Control{ControlCommand::Resume, ControlReason::Operator});
  day(kDayResultRow, "400");
  EXPECT_EQ(engine_->state(), TradingState::Reducing);
  trade_without_orders();
}

TEST_F(HaltTest, AHigherLimitEndsALostDay) {
  day(kDayResultRow, "-500");
  say(Control{ControlCommand::Resume, ControlReason::Operator});
  set_daily_loss("499");
  EXPECT_EQ(engine_->state(), TradingState::Reducing) << "a lower one";
  set_daily_loss("600");
  EXPECT_EQ(engine_->state(), TradingState::Active);
  day(kDayResultRow, "-100");
  EXPECT_EQ(engine_->state(), TradingState::Halted);
}

TEST_F(HaltTest, AHigherLimitThatIsReachedTooEndsNothing) {
  day(kDayResultRow, "-700");
  say(Control{ControlCommand::Resume, ControlReason::Operator});
  set_daily_loss("600");
  day(kDayResultRow, "101");
  EXPECT_EQ(engine_->state(), TradingState::Reducing);
}

TEST_F(HaltTest, ALimitBelowTheDaysLossHalts) {
  day(kDayResultRow, "-300");
  set_daily_loss("300");
  EXPECT_EQ(engine_->state(), TradingState::Halted);
  EXPECT_EQ(engine_->state_reason(), ControlReason::LimitBreached);
}

TEST_F(HaltTest, ADayLostWhileRedisIsAwayStaysHalted) {
  say(Control{ControlCommand::Halt, ControlReason::Redis});
  day(kDayResultRow, "-500");
  EXPECT_EQ(engine_->state_reason(), ControlReason::LimitBreached);
}

TEST_F(HaltTest, AFlatteningBeforeTheDaysResultSellsOn) {
  say(Control{ControlCommand::Flatten, ControlReason::Operator});
  day(kDayResultRow, "-600");
  EXPECT_EQ(engine_->state(), TradingState::Reducing);
  say(Control{ControlCommand::Resume, ControlReason::Operator});
  EXPECT_EQ(engine_->state(), TradingState::Reducing) << "the day is lost";
}

TEST_F(HaltTest, TroubleAfterAResumeOutlastsTheDay) {
  day(kDayResultRow, "-500");
  say(Control{ControlCommand::Resume, ControlReason::Operator});
  say(Control{ControlCommand::Halt, ControlReason::Reconciliation});
  wait(std::chrono::hours(24));
  EXPECT_EQ(engine_->state(), TradingState::Halted);
}

TEST_F(HaltTest, WhoReducesByHandIsNotResumedByTheDaysEnd) {
  day(kDayResultRow, "-500");
  say(Control{ControlCommand::Resume, ControlReason::Operator});
  say(Control{ControlCommand::Reduce, ControlReason::Operator});
  wait(std::chrono::hours(24));
  EXPECT_EQ(engine_->state(), TradingState::Reducing);
}

TEST_F(HaltTest, FlatteningOnALostDayEndsWithAResumeOnly) {
  day(kDayResultRow, "-500");
  say(Control{ControlCommand::Resume, ControlReason::Operator});
  say(Control{ControlCommand::Flatten, ControlReason::Operator});
  wait(std::chrono::hours(24));
  EXPECT_EQ(engine_->state(), TradingState::Reducing);
  say(Control{ControlCommand::Resume, ControlReason::Operator});
  EXPECT_EQ(engine_->state(), TradingState::Active);
}

TEST_F(HaltTest, ANewDayBeginsAtZeroBeforeAnythingHappensOnIt) {
  day(kDayResultRow, "-499.99");
  EXPECT_EQ(engine_->execution().result_of_day(now_), test::money("-499.99"));
  wait(std::chrono::hours(24));
  EXPECT_EQ(engine_->execution().result_of_day(now_), Money{});
  day(kDayResultRow, "-0.01");
  EXPECT_EQ(engine_->execution().result_of_day(now_), test::money("-0.01"));
  EXPECT_EQ(engine_->state(), TradingState::Active);
}

// What an earlier session had settled of a hedge counts together with its other leg.
TEST_F(HaltTest, AnInheritedHedgeCountsWhenItsLastLegHasSettled) {
  list(41, threshold(Venue::Kalshi, 64'000));
  hold(41, Outcome::Yes, 1'000, "450");
  day(kAwaitedResultRow, "-600");
  EXPECT_EQ(engine_->state(), TradingState::Active);
  ContractSettled settled;
  settled.id = InstrumentId{41};
  settled.payout = kPriceOne;
  say(settled);
  EXPECT_EQ(engine_->execution().result_of_day(now_), test::money("-50"));
  EXPECT_EQ(engine_->state(), TradingState::Active);
}

}  // namespace
}  // namespace arbees
