#include "adapters/net/wall_clock.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>

namespace arbees::net {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStart = 1'800'000'000 * kSecond;

// Clocks that say what they are told to.
class FakeClocks {
 public:
  std::int64_t read(std::int64_t utc, std::int64_t steady) {
    return clock_.read(utc, [steady] { return steady; });
  }

 private:
  WallClock clock_;
};

TEST(WallClock, FollowsTheSystemsClock) {
  FakeClocks clock;
  EXPECT_EQ(clock.read(kStart, 5), kStart);
  EXPECT_EQ(clock.read(kStart + 7, 12), kStart + 7);
  EXPECT_EQ(clock.read(kStart + kSecond * 3600, 13), kStart + kSecond * 3600) << "set forward by an hour";
}

TEST(WallClock, SetBackItGoesOnAtHalfSpeedUntilTheSystemsClockHasComeUp) {
  FakeClocks clock;
  (void)clock.read(kStart, 0);
  const std::int64_t back = kStart - 10 * kSecond;
  EXPECT_EQ(clock.read(back, 0), kStart);
  EXPECT_EQ(clock.read(back + 4 * kSecond, 4 * kSecond), kStart + 2 * kSecond);
  EXPECT_EQ(clock.read(back + 10 * kSecond, 10 * kSecond), kStart + 5 * kSecond);
  EXPECT_EQ(clock.read(back + 21 * kSecond, 21 * kSecond), back + 21 * kSecond) << "caught up";
  // And once more: the time between counts in full.
  const std::int64_t now = back + 21 * kSecond;
  EXPECT_EQ(clock.read(now - kSecond, 30 * kSecond), now);
  EXPECT_EQ(clock.read(now - kSecond + 100, 30 * kSecond + 100), now + 50);
}

TEST(WallClock, ReadWithoutEndItStillMoves) {
  FakeClocks clock;
  (void)clock.read(kStart, 0);
  std::int64_t now = 0;
  for (std::int64_t steady = 0; steady <= 1000; ++steady) now = clock.read(kStart - kSecond, steady);
  EXPECT_EQ(now, kStart + 500);
}

TEST(WallClock, NeverGoesBackAndNeverStandsStill) {
  std::mt19937_64 random(7);
  FakeClocks clock;
  std::int64_t utc = kStart;
  std::int64_t steady = 0;
  std::int64_t before = clock.read(utc, steady);
  std::int64_t one_before = before - 1;
  for (int i = 0; i < 100'000; ++i) {
    const auto step = static_cast<std::int64_t>(2 + random() % kSecond);
    steady += step;
    utc += step;
    if (random() % 50 == 0) utc += static_cast<std::int64_t>(random() % 40) * kSecond - 20 * kSecond;
    const std::int64_t now = clock.read(utc, steady);
    ASSERT_GE(now, before);
    ASSERT_GT(now, one_before) << "two readings apart";
    ASSERT_GE(now, utc);
    one_before = std::exchange(before, now);
  }
}

}  // namespace
}  // namespace arbees::net
