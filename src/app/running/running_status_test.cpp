#include "app/running/running_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/store/test_files.h"
#include "app/running/halt_latch.h"
#include "app/running/process_lock.h"
#include "app/running/status_document.h"

namespace arbees::app {
namespace {

class ResumeRefusalTest : public testing::Test {
 protected:
  // What the running process has found when it compared last.
  void tell(const std::string& differences) const {
    ASSERT_TRUE(
        write_status(data_, R"({"written_at":"2026-11-23T01:00:10Z","data":")" + data_ +
                                R"(","halted":true,"feeds":[],"accounts":[{"differences":[]},{"differences":[)" +
                                differences + "]}]}"));
  }
  [[nodiscard]] std::string refusal() const { return resume_refusal(data_, now_); }

  const arbees::test::TemporaryFolder folder_;
  const std::string data_ = folder_.file("data");
  const HaltLatch latch_{data_};
  const Timestamp now_ = from_unix_s(1'795'000'000);
};

TEST_F(ResumeRefusalTest, AHaltForADifferenceLastsUntilTheBooksAgree) {
  ASSERT_TRUE(latch_.halt("books and venue differ: 5 of X", now_));
  const auto lock = ProcessLock::take(data_);
  ASSERT_TRUE(lock) << lock.error();
  tell("\"kalshi: 0 of X by the books, 5 by the venue\"");
  EXPECT_THAT(refusal(), testing::HasSubstr("kalshi: 0 of X by the books, 5 by the venue"));
  EXPECT_THAT(refusal(), testing::HasSubstr("arbees reconcile"));
  tell("");
  EXPECT_EQ(refusal(), "");
}

TEST_F(ResumeRefusalTest, OtherHaltsAndFoldersWithoutAProcessAreLeftToThePerson) {
  ASSERT_TRUE(latch_.halt("books and venue differ: 5 of X", now_));
  tell("\"5 of X\"");
  EXPECT_EQ(refusal(), "") << "nothing runs: the next start compares";
  const auto lock = ProcessLock::take(data_);
  ASSERT_TRUE(lock) << lock.error();
  EXPECT_NE(refusal(), "");
  ASSERT_TRUE(latch_.resume("drill", now_));
  ASSERT_TRUE(latch_.halt("drill", now_));
  EXPECT_EQ(refusal(), "");
}

}  // namespace
}  // namespace arbees::app
