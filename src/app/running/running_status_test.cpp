#include "app/running/running_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "adapters/store/test_files.h"
#include "adapters/telemetry/format.h"
#include "app/running/halt_latch.h"
#include "app/running/process_lock.h"
#include "app/running/status_document.h"

namespace arbees::app {
namespace {

class ResumeRefusalTest : public testing::Test {
 protected:
  // What the running process has found when it compared last.
  void tell(const std::string& differences) const { tell(differences, now_); }
  void tell(const std::string& differences, Timestamp at) const {
    ASSERT_TRUE(
        write_status(data_, R"({"written_at":")" + to_iso_ms(at) + R"(","data":")" + data_ +
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

// Nobody knows then whether they agree; and somebody is there who could tell.
TEST_F(ResumeRefusalTest, ARunningProcessThatDoesNotTellIsNoReasonToResume) {
  ASSERT_TRUE(latch_.halt("books and venue differ: 5 of X", now_));
  {
    const auto lock = ProcessLock::take(data_);
    ASSERT_TRUE(lock) << lock.error();
    EXPECT_THAT(refusal(), testing::HasSubstr("stop it and resume then")) << "no status yet";
    ASSERT_TRUE(write_status(data_, R"({"written_at":)"));
    EXPECT_NE(refusal(), "") << "cut short";
    tell("", now_ - std::chrono::seconds(6));
    EXPECT_NE(refusal(), "") << "what was equal then";
    ASSERT_TRUE(write_status(data_, R"({"written_at":")" + to_iso_ms(now_) + R"(","feeds":[],"mode":"live"})"));
    EXPECT_NE(refusal(), "") << "live, and not a word of accounts";
    ASSERT_TRUE(write_status(data_, R"({"written_at":")" + to_iso_ms(now_) + R"(","feeds":[],"mode":"paper"})"));
    EXPECT_EQ(refusal(), "") << "paper has no accounts";
    remove_status(data_);
  }
  EXPECT_EQ(refusal(), "") << "nothing runs: the next start compares";
}

// Killed, it could not take back what it told; the next one has the lock long before it tells anything itself.
TEST(SupersededStatus, IsThatOfTheProcessThatStarts) {
  const arbees::test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  const Timestamp now = *parse_iso8601("2026-11-24T01:00:10Z");
  {
    const auto killed = ProcessLock::take(data);
    ASSERT_TRUE(write_status(data, R"({"running":true,"pid":1,"mode":"live","halted":false,"data":")" + data +
                                       R"(","written_at":"2026-11-24T01:00:09.000Z","fills":7,)" +
                                       R"("feeds":[{"venue":"kalshi","status":"live","age_ms":1}]})"));
  }
  const auto lock = ProcessLock::take(data);
  ASSERT_TRUE(lock) << lock.error();
  supersede_status(data);
  auto shown = read_status(data, now);
  ASSERT_TRUE(shown);
  EXPECT_THAT(shown->json,
              testing::StartsWith(R"({"running":true,"pid":)" + std::to_string(::getpid()) + R"(,"mode":"live",)"));
  EXPECT_THAT(shown->json, testing::AllOf(testing::HasSubstr(R"("halted":false)"), testing::HasSubstr(R"("feeds":[])"),
                                          testing::Not(testing::HasSubstr("fills"))));
  EXPECT_THAT(shown->text, testing::HasSubstr("starting (no status of this process yet)"));
  EXPECT_THAT(health_trouble(shown->json, now), testing::HasSubstr("starting"));
  ASSERT_TRUE(HaltLatch(data).halt("drill", now));
  shown = read_status(data, now);
  ASSERT_TRUE(shown);
  EXPECT_THAT(shown->json, testing::HasSubstr(R"("halted":true)")) << "the latch is there at once";
}

TEST(SupersededStatus, IsNotMadeOfNothing) {
  const arbees::test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  const auto lock = ProcessLock::take(data);
  ASSERT_TRUE(lock) << lock.error();
  supersede_status(data);
  EXPECT_FALSE(read_status(data, from_unix_s(1)));
  ASSERT_TRUE(write_status(data, "{\"running\":tr"));
  supersede_status(data);
  EXPECT_FALSE(std::filesystem::exists(status_path(data))) << "what cannot be read is nobody's status";
}

TEST(DeadProcesses, AreThoseThatDidNotEndInOrder) {
  const arbees::test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  const std::string monitor = data + "/roles/kalshi-monitor";
  {
    const auto lock = ProcessLock::take(monitor);
    ASSERT_TRUE(lock) << lock.error();
    ASSERT_TRUE(write_status(monitor, R"({"running":true,"role":"kalshi-monitor","written_at":"T"})"));
    EXPECT_THAT(dead_processes(data, ""), testing::IsEmpty()) << "it runs";
  }
  const auto dead = dead_processes(data, "");
  ASSERT_EQ(dead.size(), 1U) << "gone without a word";
  EXPECT_EQ(dead[0].role, "kalshi-monitor");
  EXPECT_EQ(dead[0].told_at, "T");
  EXPECT_THAT(dead_processes(data, "polymarket-monitor"), testing::IsEmpty());
  {
    const auto lock = ProcessLock::take(monitor);
    remove_status(monitor);  // what who ends in order does last
  }
  EXPECT_THAT(dead_processes(data, ""), testing::IsEmpty());
}

}  // namespace
}  // namespace arbees::app
