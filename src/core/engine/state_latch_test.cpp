#include "core/engine/state_latch.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

class StateLatchTest : public testing::Test {
 protected:
  bool say(ControlCommand command, ControlReason reason = ControlReason::Operator) {
    Control control;
    control.command = command;
    control.reason = reason;
    return latch_.on(control, Event{}, outputs_);
  }

  StateLatch latch_;
  Outputs outputs_;
};

TEST_F(StateLatchTest, OnlyAResumeEndsAHalt) {
  EXPECT_EQ(latch_.state(), TradingState::Active);
  EXPECT_TRUE(say(ControlCommand::Halt));
  for (const ControlCommand command : {ControlCommand::Reduce, ControlCommand::Flatten, ControlCommand::Halt}) {
    EXPECT_FALSE(say(command));
    EXPECT_EQ(latch_.state(), TradingState::Halted);
  }
  EXPECT_TRUE(say(ControlCommand::Resume));
  EXPECT_EQ(latch_.state(), TradingState::Active);
  EXPECT_EQ(outputs_.reports.size(), 2u) << "one for each change";
}

TEST_F(StateLatchTest, WhatIsNotUnderstoodHalts) {
  EXPECT_TRUE(say(static_cast<ControlCommand>(200)));
  EXPECT_EQ(latch_.state(), TradingState::Halted);
}

TEST_F(StateLatchTest, BothWaysOfReducingReduce) {
  EXPECT_TRUE(say(ControlCommand::Reduce));
  EXPECT_FALSE(say(ControlCommand::Flatten));
  EXPECT_EQ(latch_.state(), TradingState::Reducing);
}

TEST_F(StateLatchTest, AHaltByHandDoesNotHideTroubleOfOurOwn) {
  say(ControlCommand::Halt, ControlReason::Operator);
  EXPECT_FALSE(latch_.halt(ControlReason::Reconciliation, Event{}, outputs_));
  EXPECT_EQ(latch_.reason(), ControlReason::Reconciliation);
  say(ControlCommand::Halt, ControlReason::Operator);
  EXPECT_EQ(latch_.reason(), ControlReason::Reconciliation);
}

TEST_F(StateLatchTest, TroubleOfOurOwnOutlastsTheLossOfRedis) {
  say(ControlCommand::Halt, ControlReason::Redis);
  EXPECT_FALSE(latch_.halt(ControlReason::JournalTrouble, Event{}, outputs_));
  EXPECT_EQ(latch_.reason(), ControlReason::JournalTrouble);
  EXPECT_FALSE(latch_.halt(ControlReason::LimitBreached, Event{}, outputs_));
  EXPECT_EQ(latch_.reason(), ControlReason::JournalTrouble) << "the first reason stays";
}

}  // namespace
}  // namespace arbees
