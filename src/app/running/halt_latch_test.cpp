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

  [[nodiscard]] std::string text_of(const std::string& name) const {
    std::ifstream in(folder_ + "/" + name);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

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
            "halt 1970-01-01T00:00:01.000Z drill\n"
            "halted 1970-01-01T00:00:01.000Z drill; resumed 1970-01-01T00:00:02.000Z the drill is over\n"
            "flatten 1970-01-01T00:00:04.000Z enough\n"
            "flattening 1970-01-01T00:00:04.000Z enough; resumed 1970-01-01T00:00:05.000Z no reason given\n");
}

TEST_F(HaltLatchTest, LineBreaksOfAReasonDoNotForgeOthers) {
  const HaltLatch latch(folder_);
  ASSERT_TRUE(latch.halt("one\ntwo", from_unix_s(1)));
  EXPECT_THAT(latch.reason(), testing::EndsWith("one two"));
}

// ---- Lost files: only a resume ends what was set ----

TEST_F(HaltLatchTest, ALostFileIsNoResume) {
  const HaltLatch latch(folder_);
  ASSERT_TRUE(latch.halt("drill", from_unix_s(1)));
  ASSERT_EQ(latch.halt("and another; resumed 1970-01-01T00:00:02.000Z no", from_unix_s(2)), false);
  const std::string reason = latch.reason();
  std::filesystem::remove(folder_ + "/halt");
  EXPECT_TRUE(latch.is_halted());
  const HaltLatch start(folder_);  // with nothing running meanwhile
  EXPECT_TRUE(start.is_halted());
  EXPECT_EQ(start.reason(), reason);
  start.keep(from_unix_s(5));
  EXPECT_THAT(text_of("halt"), testing::AllOf(testing::StartsWith("1970-01-01T00:00:01.000Z drill\n"),
                                              testing::HasSubstr("1970-01-01T00:00:05.000Z the file halt vanished")));
  EXPECT_THAT(text_of("halt-history"), testing::HasSubstr("\nhalt 1970-01-01T00:00:05.000Z the file halt vanished"));
  EXPECT_EQ(HaltLatch(folder_).resume("looked at it", from_unix_s(6)), true);
  EXPECT_FALSE(latch.is_halted());
  EXPECT_FALSE(start.is_halted());
  EXPECT_FALSE(HaltLatch(folder_).is_halted());
}

TEST_F(HaltLatchTest, AResumeEndsAHaltWhoseFileIsLost) {
  ASSERT_TRUE(HaltLatch(folder_).halt("drill", from_unix_s(1)));
  std::filesystem::remove(folder_ + "/halt");
  EXPECT_TRUE(HaltLatch(folder_).is_set());
  EXPECT_EQ(HaltLatch(folder_).resume("over", from_unix_s(2)), true);
  EXPECT_FALSE(HaltLatch(folder_).is_halted());
  EXPECT_EQ(HaltLatch(folder_).last_resume(),
            "halted 1970-01-01T00:00:01.000Z drill; resumed 1970-01-01T00:00:02.000Z over");
}

TEST_F(HaltLatchTest, AHaltAfterALostFileKeepsTheOldReason) {
  ASSERT_TRUE(HaltLatch(folder_).halt("drill", from_unix_s(1)));
  std::filesystem::remove(folder_ + "/halt");
  EXPECT_EQ(HaltLatch(folder_).halt("second", from_unix_s(2)), false);
  EXPECT_EQ(HaltLatch(folder_).reason(), "1970-01-01T00:00:01.000Z drill; then 1970-01-01T00:00:02.000Z second");
}

// Nobody has written it into the history before the process that obeys it does.
TEST_F(HaltLatchTest, AFileThatAPersonWroteAndDeletedIsNoResume) {
  std::filesystem::create_directories(folder_);
  const HaltLatch seen_only(folder_);
  const HaltLatch kept(folder_);
  EXPECT_FALSE(seen_only.is_halted());
  EXPECT_FALSE(kept.is_halted());
  std::ofstream(folder_ + "/halt") << "by hand\n";
  EXPECT_TRUE(seen_only.is_halted());
  std::filesystem::remove(folder_ + "/halt");
  EXPECT_TRUE(seen_only.is_halted()) << "with nothing in the history";
  EXPECT_FALSE(kept.is_halted()) << "it has seen nothing";
  std::ofstream(folder_ + "/halt") << "by hand\n";
  kept.keep(from_unix_s(3));
  EXPECT_EQ(text_of("halt-history"), "halt by hand\n");
  std::filesystem::remove(folder_ + "/halt");
  EXPECT_TRUE(HaltLatch(folder_).is_halted());
}

TEST_F(HaltLatchTest, ALostHistoryIsNoResumeEither) {
  const HaltLatch latch(folder_);
  ASSERT_TRUE(latch.halt("drill", from_unix_s(1)));
  latch.keep(from_unix_s(1));
  std::filesystem::remove(folder_ + "/halt");
  std::filesystem::remove(folder_ + "/halt-history");
  EXPECT_TRUE(latch.is_halted());
  latch.keep(from_unix_s(2));
  EXPECT_THAT(HaltLatch(folder_).reason(), testing::StartsWith("1970-01-01T00:00:01.000Z drill; then "));
  EXPECT_EQ(HaltLatch(folder_).resume("over", from_unix_s(3)), true);
  EXPECT_FALSE(latch.is_halted());
}

TEST_F(HaltLatchTest, AFolderThatIsGoneHaltsUntilAResume) {
  const std::string elsewhere = folder_ + ".elsewhere";
  std::filesystem::remove_all(elsewhere);
  std::filesystem::create_directories(folder_);
  const HaltLatch latch(folder_);
  EXPECT_FALSE(latch.is_halted());
  std::filesystem::rename(folder_, elsewhere);
  EXPECT_TRUE(latch.is_halted());
  latch.keep(from_unix_s(1));
  EXPECT_THAT(latch.reason(), testing::AllOf(testing::StartsWith("1970-01-01T00:00:01.000Z"),
                                             testing::HasSubstr("put it back, then `arbees resume`")));
  EXPECT_FALSE(latch.halt("drill", from_unix_s(2))) << "it cannot be kept";
  EXPECT_FALSE(std::filesystem::exists(folder_)) << "not made anew: the other could not be moved back";
  std::filesystem::rename(elsewhere, folder_);
  EXPECT_TRUE(latch.is_halted());
  latch.keep(from_unix_s(3));
  EXPECT_TRUE(HaltLatch(folder_).is_halted());
  EXPECT_EQ(HaltLatch(folder_).resume("moved back", from_unix_s(4)), true);
  EXPECT_FALSE(latch.is_halted());
}

TEST_F(HaltLatchTest, ALostFileIsNoEndOfAFlatteningEither) {
  const HaltLatch latch(folder_);
  ASSERT_TRUE(latch.flatten("enough", from_unix_s(1)));
  std::filesystem::remove(folder_ + "/flatten");
  EXPECT_TRUE(latch.is_flattening());
  EXPECT_TRUE(HaltLatch(folder_).is_flattening());
  latch.keep(from_unix_s(2));
  EXPECT_THAT(text_of("flatten"), testing::StartsWith("1970-01-01T00:00:01.000Z enough\n"));
  EXPECT_FALSE(latch.is_halted());
  EXPECT_EQ(HaltLatch(folder_).resume("over", from_unix_s(3)), true);
  EXPECT_FALSE(latch.is_flattening());
}

// As a crash or a full disk leaves them.
TEST_F(HaltLatchTest, ALineThatWasCutShortEndsNothing) {
  ASSERT_TRUE(HaltLatch(folder_).halt("drill", from_unix_s(1)));
  std::filesystem::remove(folder_ + "/halt");
  std::ofstream(folder_ + "/halt-history", std::ios::app) << "halted 1970-01-01T00:00:01.000Z drill; resu";
  EXPECT_TRUE(HaltLatch(folder_).is_halted());
  EXPECT_EQ(HaltLatch(folder_).resume("over", from_unix_s(2)), true);
  EXPECT_FALSE(HaltLatch(folder_).is_halted());
}

TEST_F(HaltLatchTest, TheSameHaltsAndResumesCountEachTime) {
  const HaltLatch obeying(folder_);
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(HaltLatch(folder_).halt("drill", from_unix_s(1)), true);
    EXPECT_TRUE(obeying.is_halted());
    std::filesystem::remove(folder_ + "/halt");
    EXPECT_TRUE(obeying.is_halted());
    obeying.keep(from_unix_s(1));
    ASSERT_EQ(HaltLatch(folder_).resume("over", from_unix_s(1)), true);
    EXPECT_FALSE(obeying.is_halted());
  }
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
