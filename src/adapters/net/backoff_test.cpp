#include "adapters/net/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace arbees::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Timestamp kStart = from_unix_s(1'790'000'000);

TEST(Backoff, LimitsDoubleUntilTheCap) {
  const BackoffOptions options{milliseconds(100), seconds(10), seconds(60)};
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    Backoff backoff(options, seed);
    Duration limit = options.base;
    for (int n = 0; n < 200; ++n) {
      const Duration delay = backoff.on_failure(kStart);
      ASSERT_GE(delay, options.base / 2);
      ASSERT_LE(delay, limit);
      ASSERT_EQ(backoff.failures(), n + 1);
      limit = std::min<Duration>(limit * 2, options.cap);
    }
  }
}

TEST(Backoff, DrawsSpreadOverTheWholeRange) {
  const BackoffOptions options{milliseconds(100), seconds(10), seconds(60)};
  int low = 0;
  int high = 0;
  constexpr int kDraws = 1000;
  Backoff backoff(options, 7);
  for (int i = 0; i < 20; ++i) static_cast<void>(backoff.on_failure(kStart));
  for (int i = 0; i < kDraws; ++i) {
    const Duration delay = backoff.on_failure(kStart);
    low += delay < options.cap / 4 ? 1 : 0;
    high += delay > options.cap * 3 / 4 ? 1 : 0;
  }
  EXPECT_NEAR(low, kDraws / 4, kDraws / 10);
  EXPECT_NEAR(high, kDraws / 4, kDraws / 10);
}

TEST(Backoff, HealthyTimeForgetsFailures) {
  Backoff backoff({milliseconds(100), seconds(10), seconds(60)}, 1);
  for (int i = 0; i < 5; ++i) static_cast<void>(backoff.on_failure(kStart));
  backoff.on_success(kStart);
  static_cast<void>(backoff.on_failure(kStart + seconds(59)));
  EXPECT_EQ(backoff.failures(), 6);
  backoff.on_success(kStart + seconds(60));
  backoff.on_success(kStart + seconds(100));  // health is counted from the first success
  EXPECT_LE(backoff.on_failure(kStart + seconds(120)), milliseconds(100));
  EXPECT_EQ(backoff.failures(), 1);
}

TEST(Backoff, TimeWithoutSuccessForgetsNothing) {
  Backoff backoff({}, 1);
  for (int i = 0; i < 5; ++i) static_cast<void>(backoff.on_failure(kStart + seconds(i * 1000)));
  EXPECT_EQ(backoff.failures(), 5);
}

TEST(Backoff, TheSameSeedGivesTheSameDelays) {
  Backoff first({}, 42);
  Backoff second({}, 42);
  Backoff other({}, 43);
  int differences = 0;
  for (int i = 0; i < 20; ++i) {
    const Duration delay = first.on_failure(kStart);
    EXPECT_EQ(delay, second.on_failure(kStart));
    differences += delay != other.on_failure(kStart) ? 1 : 0;
  }
  EXPECT_GT(differences, 10);
}

TEST(Backoff, AgreesWithModel) {
  constexpr std::uint64_t kSeed = 20'260'716;
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  const BackoffOptions options{milliseconds(250), seconds(30), seconds(60)};
  Backoff backoff(options, 3);
  int failures = 0;
  std::int64_t healthy_since = -1;
  std::int64_t now = 0;
  for (int i = 0; i < 20'000; ++i) {
    now += random.between(0, 40);
    const Timestamp at = kStart + seconds(now);
    if (random.chance(1, 2)) {
      backoff.on_success(at);
      if (healthy_since < 0) healthy_since = now;
    } else {
      if (healthy_since >= 0 && now - healthy_since >= 60) failures = 0;
      healthy_since = -1;
      const double limit_ms =
          std::min(250.0 * static_cast<double>(std::uint64_t{1} << std::min(failures, 20)), 30'000.0);
      const Duration delay = backoff.on_failure(at);
      ASSERT_LE(std::chrono::duration<double>(delay).count() * 1000.0, limit_ms);
      ++failures;
    }
    ASSERT_EQ(backoff.failures(), failures);
  }
}

}  // namespace
}  // namespace arbees::net
