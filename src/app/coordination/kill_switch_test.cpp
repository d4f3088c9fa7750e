#include "app/coordination/kill_switch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

using redis::Reply;
using redis::ReplyKind;
using testing::HasSubstr;

const Timestamp kNow = from_unix_ns(1'769'700'000'000'000'000);

Reply text(const char* value) { return {ReplyKind::Text, value, 0, {}}; }

TEST(KillSwitchCommand, KnowsThePredecessorsWords) {
  for (const char* word : {"HALT", "STOP", "ON", "ENABLE", "halt", " Halt\n", "\"HALT\"", R"({"command":"halt"})"}) {
    EXPECT_EQ(parse_switch_command(word), SwitchCommand::Halt) << word;
  }
  for (const char* word : {"RESUME", "START", "OFF", "DISABLE", "off", R"({"action": "RESUME"})"}) {
    EXPECT_EQ(parse_switch_command(word), SwitchCommand::Resume) << word;
  }
  for (const char* word : {"", "HALTED", "RESUME NOW", "{", R"({"command":1})", "[\"HALT\"]"}) {
    EXPECT_EQ(parse_switch_command(word), std::nullopt) << word;
  }
}

class KillSwitchTest : public testing::Test {
 protected:
  test::TemporaryFolder folder_;
  HaltLatch latch_{folder_.file("data")};
  KillSwitch kill_switch_{folder_.file("data")};
};

TEST_F(KillSwitchTest, NothingIsTradedUntilTheKeyIsRead) {
  EXPECT_NE(kill_switch_.halt_reason(), "");
  kill_switch_.on_link(true, "");
  EXPECT_THAT(kill_switch_.halt_reason(), HasSubstr("not read yet"));
  kill_switch_.on_status({});
  EXPECT_EQ(kill_switch_.halt_reason(), "");
  kill_switch_.on_link(false, "connection refused");
  EXPECT_THAT(kill_switch_.halt_reason(), HasSubstr("connection refused"));
  EXPECT_FALSE(latch_.is_halted()) << "the loss of Redis is a condition, not a command";
  kill_switch_.on_link(true, "");
  EXPECT_NE(kill_switch_.halt_reason(), "") << "a halt may have been published meanwhile";
  kill_switch_.on_status(text("ACTIVE"));
  EXPECT_EQ(kill_switch_.halt_reason(), "");
}

// Cancels do not wait for a disk.
TEST_F(KillSwitchTest, AHaltIsToldBeforeItIsLatched) {
  kill_switch_.on_link(true, "");
  kill_switch_.on_status({});
  std::string told;
  bool was_latched = true;
  kill_switch_.when_halted([&] {
    told = kill_switch_.halt_reason();
    was_latched = latch_.is_halted();
  });
  (void)kill_switch_.on_command("HALT", kNow);
  EXPECT_NE(told, "");
  EXPECT_FALSE(was_latched);
  EXPECT_TRUE(latch_.is_halted());
}

TEST_F(KillSwitchTest, AHaltIsLatchedAndResumeLiftsIt) {
  kill_switch_.on_link(true, "");
  kill_switch_.on_status({});
  EXPECT_EQ(kill_switch_.on_command("HALT", kNow), "HALTED");
  EXPECT_TRUE(latch_.is_halted());
  EXPECT_NE(kill_switch_.halt_reason(), "");
  kill_switch_.on_status(text("ACTIVE"));  // Redis has lost its memory
  EXPECT_TRUE(latch_.is_halted());
  EXPECT_EQ(kill_switch_.on_command("RESUME", kNow), "ACTIVE");
  EXPECT_FALSE(latch_.is_halted());
  EXPECT_EQ(kill_switch_.halt_reason(), "");
}

TEST_F(KillSwitchTest, TheKeyHaltsAsLongAsItSaysSo) {
  kill_switch_.on_link(true, "");
  kill_switch_.on_status(text("HALTED"));
  EXPECT_THAT(kill_switch_.halt_reason(), HasSubstr("HALTED"));
  kill_switch_.on_status(text("maybe"));
  EXPECT_THAT(kill_switch_.halt_reason(), HasSubstr("neither"));
  kill_switch_.on_status({ReplyKind::Refused, "WRONGTYPE", 0, {}});
  EXPECT_THAT(kill_switch_.halt_reason(), HasSubstr("WRONGTYPE"));
  kill_switch_.on_status(text("ACTIVE"));
  EXPECT_EQ(kill_switch_.halt_reason(), "");
}

TEST_F(KillSwitchTest, ResumeDoesNotLiftWhatOthersHalted) {
  kill_switch_.on_link(true, "");
  ASSERT_TRUE(latch_.halt("positions differ", kNow));
  EXPECT_EQ(kill_switch_.on_command("HALT", kNow), "HALTED");
  EXPECT_EQ(kill_switch_.on_command("RESUME", kNow), "ACTIVE");
  EXPECT_TRUE(latch_.is_halted());
  EXPECT_THAT(kill_switch_.complaint(), HasSubstr("positions differ"));
}

TEST_F(KillSwitchTest, ResumeDoesNotLiftAReasonThatCameAfterItsHalt) {
  kill_switch_.on_link(true, "");
  EXPECT_EQ(kill_switch_.on_command("HALT", kNow), "HALTED");
  ASSERT_EQ(latch_.halt("positions differ", kNow), false);
  EXPECT_EQ(kill_switch_.on_command("RESUME", kNow), "ACTIVE");
  EXPECT_TRUE(latch_.is_halted());
  EXPECT_THAT(kill_switch_.complaint(), HasSubstr("positions differ"));
}

TEST_F(KillSwitchTest, WhatIsNoCommandChangesNothing) {
  kill_switch_.on_link(true, "");
  kill_switch_.on_status({});
  EXPECT_EQ(kill_switch_.on_command("BANANA", kNow), "");
  EXPECT_EQ(kill_switch_.halt_reason(), "");
  EXPECT_THAT(kill_switch_.complaint(), HasSubstr("BANANA"));
}

}  // namespace
}  // namespace arbees::app
