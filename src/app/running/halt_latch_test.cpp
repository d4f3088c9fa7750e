#include "app/running/halt_latch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

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
  EXPECT_EQ(HaltLatch(folder_).resume("fixed", from_unix_s(1'780'000'060)), true);
  EXPECT_FALSE(HaltLatch(folder_).is_halted());
  EXPECT_EQ(HaltLatch(folder_).resume("fixed", from_unix_s(1'780'000'061)), false);
}

TEST_F(HaltLatchTest, TheFirstReasonStaysAndLaterOnesAreAdded) {
  const HaltLatch latch(folder_);
  EXPECT_EQ(latch.halt("", from_unix_s(1)), true);
  EXPECT_EQ(latch.halt("books and venue differ", from_unix_s(2)), false);
  EXPECT_EQ(latch.halt("books and venue differ", from_unix_s(3)), false) << "said already";
  EXPECT_EQ(latch.halt("", from_unix_s(4)), false) << "says nothing";
  EXPECT_EQ(latch.reason(),
            "1970-01-01T00:00:01.000Z no reason given; then 1970-01-01T00:00:02.000Z books and venue differ");
  ASSERT_TRUE(latch.resume("equal again", from_unix_s(5)));
  EXPECT_EQ(latch.last_resume(),
            "halted 1970-01-01T00:00:01.000Z no reason given; then 1970-01-01T00:00:02.000Z books "
            "and venue differ; resumed 1970-01-01T00:00:05.000Z equal again");
  EXPECT_EQ(latch.reason(), "");
}

TEST_F(HaltLatchTest, ReasonsAreNotAddedWithoutEnd) {
  const HaltLatch latch(folder_);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(latch.halt("reason " + std::to_string(i), from_unix_s(i)));
  EXPECT_LT(std::filesystem::file_size(folder_ + "/halt"), 20'000U);
  EXPECT_THAT(latch.reasons().front(), testing::EndsWith("reason 0"));
}

// As `touch halt` makes it.
TEST_F(HaltLatchTest, AnEmptyFileHaltsAndSaysThatThereIsNoReason) {
  std::filesystem::create_directories(folder_);
  std::fclose(std::fopen((folder_ + "/halt").c_str(), "w"));
  const HaltLatch latch(folder_);
  EXPECT_TRUE(latch.is_halted());
  EXPECT_THAT(latch.reason(), testing::MatchesRegex("20..-..-..T..:..:..\\.000Z no reason given"));
  EXPECT_EQ(latch.halt("found out why", from_unix_s(1)), false);
  EXPECT_THAT(latch.reason(), testing::EndsWith("found out why"));
}

TEST_F(HaltLatchTest, FlatteningIsWeakerThanAHaltAndEndsWithTheSameResume) {
  const HaltLatch latch(folder_);
  EXPECT_EQ(latch.flatten("enough", from_unix_s(1)), true);
  EXPECT_EQ(latch.flatten("again", from_unix_s(2)), false);
  EXPECT_TRUE(HaltLatch(folder_).is_flattening());
  EXPECT_THAT(latch.flatten_reason(), testing::AllOf(testing::HasSubstr("enough"), testing::EndsWith("again")));
  EXPECT_FALSE(latch.is_halted());
  EXPECT_EQ(latch.halt("drill", from_unix_s(3)), true);
  EXPECT_FALSE(latch.flatten("third", from_unix_s(4))) << "halted";
  EXPECT_EQ(latch.resume("fixed", from_unix_s(1'780'000'060)), true);
  EXPECT_FALSE(latch.is_halted());
  EXPECT_FALSE(latch.is_flattening());
  EXPECT_EQ(latch.resume("fixed", from_unix_s(1'780'000'061)), false);
}

TEST_F(HaltLatchTest, WhatEndedIsRemembered) {
  const HaltLatch latch(folder_);
  ASSERT_TRUE(latch.halt("drill", from_unix_s(1)));
  ASSERT_TRUE(latch.resume("the drill\nis over", from_unix_s(2)));
  ASSERT_TRUE(latch.resume("again", from_unix_s(3))) << "with nothing to end, and nothing to remember";
  ASSERT_TRUE(latch.flatten("enough", from_unix_s(4)));
  ASSERT_TRUE(latch.resume("", from_unix_s(5)));
  std::ifstream in(folder_ + "/halt-history");
  const std::string history{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_EQ(history,
            "halted 1970-01-01T00:00:01.000Z drill; resumed 1970-01-01T00:00:02.000Z the drill is over\n"
            "flattening 1970-01-01T00:00:04.000Z enough; resumed 1970-01-01T00:00:05.000Z no reason given\n");
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
