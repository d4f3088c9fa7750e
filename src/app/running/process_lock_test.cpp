#include "app/running/process_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

namespace arbees::app {
namespace {

TEST(ProcessLock, IsHeldByOneAndEndsWithItsObject) {
  const std::string folder = testing::TempDir() + "process_lock_one";
  std::filesystem::remove_all(folder);
  EXPECT_EQ(ProcessLock::holder(folder), std::nullopt);
  {
    const auto lock = ProcessLock::take(folder);
    ASSERT_TRUE(lock) << lock.error();
    EXPECT_EQ(ProcessLock::holder(folder), ::getpid());
    const auto second = ProcessLock::take(folder);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error(), testing::HasSubstr("is used by process " + std::to_string(::getpid())));
  }
  EXPECT_EQ(ProcessLock::holder(folder), std::nullopt);
  EXPECT_TRUE(ProcessLock::take(folder));
  std::filesystem::remove_all(folder);
}

// `arbees status` of somebody else at the very moment a process starts.
TEST(ProcessLock, AskingWhoHoldsItNeverKeepsItFromAnybody) {
  const std::string folder = testing::TempDir() + "process_lock_asked";
  std::atomic<bool> is_over{false};
  std::thread asking([&] {
    while (!is_over) (void)ProcessLock::holder(folder);
  });
  for (int i = 0; i < 300; ++i) {
    const auto lock = ProcessLock::take(folder);
    EXPECT_TRUE(lock) << lock.error();
  }
  is_over = true;
  asking.join();
  std::filesystem::remove_all(folder);
}

TEST(ProcessLock, SaysWhatIsWrongWithTheFolder) {
  const auto lock = ProcessLock::take("/proc/nowhere");
  ASSERT_FALSE(lock);
  EXPECT_THAT(lock.error(), testing::HasSubstr("/proc/nowhere/lock: "));
}

}  // namespace
}  // namespace arbees::app
