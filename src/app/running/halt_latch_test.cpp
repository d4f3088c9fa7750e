#include "app/running/halt_latch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace arbees::app {
namespace {

class HaltLatchTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "halt_latch_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

TEST_F(HaltLatchTest, HoldsUntilResumedAndSurvivesItsObject) {
  EXPECT_FALSE(HaltLatch(folder_).is_halted());
  EXPECT_EQ(HaltLatch(folder_).halt("drill", from_unix_s(1'780'000'000)), true);
  EXPECT_TRUE(HaltLatch(folder_).is_halted());
  EXPECT_EQ(HaltLatch(folder_).reason(), "2026-05-28T20:26:40.000Z drill");
  EXPECT_EQ(HaltLatch(folder_).resume(), true);
  EXPECT_FALSE(HaltLatch(folder_).is_halted());
  EXPECT_EQ(HaltLatch(folder_).resume(), false);
}

TEST_F(HaltLatchTest, TheFirstReasonStays) {
  const HaltLatch latch(folder_);
  EXPECT_EQ(latch.halt("first", from_unix_s(1)), true);
  EXPECT_EQ(latch.halt("second", from_unix_s(2)), false);
  EXPECT_THAT(latch.reason(), testing::EndsWith("first"));
}

TEST_F(HaltLatchTest, LineBreaksOfAReasonDoNotForgeOthers) {
  const HaltLatch latch(folder_);
  ASSERT_TRUE(latch.halt("one\ntwo", from_unix_s(1)));
  EXPECT_THAT(latch.reason(), testing::EndsWith("one two"));
}

// A folder that is a file: the latch cannot be looked at, and that counts as halted.
TEST_F(HaltLatchTest, WhatCannotBeReadIsHalted) {
  std::filesystem::create_directories(folder_);
  const std::string file = folder_ + "/file";
  std::fclose(std::fopen(file.c_str(), "w"));
  EXPECT_TRUE(HaltLatch(file).is_halted());
  EXPECT_FALSE(HaltLatch(file).halt("x", from_unix_s(1)));
}

}  // namespace
}  // namespace arbees::app
