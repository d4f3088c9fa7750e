#include "adapters/net/rate_limiter.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/random.h"
#include "core/base/wide_int.h"

namespace arbees::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr Timestamp kStart = from_unix_s(1'790'000'000);

TEST(RateLimiter, StartsFullAndRunsDry) {
  RateLimiter limiter(10, 3);
  EXPECT_TRUE(limiter.try_take(1, kStart));
  EXPECT_TRUE(limiter.try_take(2, kStart));
  EXPECT_FALSE(limiter.try_take(1, kStart));
  EXPECT_EQ(limiter.wait_for(1, kStart), milliseconds(100));
  EXPECT_FALSE(limiter.try_take(1, kStart + milliseconds(100) - nanoseconds(1)));
  EXPECT_TRUE(limiter.try_take(1, kStart + milliseconds(100)));
}

TEST(RateLimiter, NeverHoldsMoreThanItsCapacity) {
  RateLimiter limiter(1000, 5);
  EXPECT_TRUE(limiter.try_take(5, kStart));
  EXPECT_TRUE(limiter.try_take(5, kStart + std::chrono::hours(24 * 365)));
  EXPECT_FALSE(limiter.try_take(1, kStart + std::chrono::hours(24 * 365)));
}

TEST(RateLimiter, CostsOverTheCapacityAreNeverGranted) {
  RateLimiter limiter(10, 5);
  EXPECT_FALSE(limiter.try_take(6, kStart));
  EXPECT_EQ(limiter.wait_for(6, kStart), Duration::max());
  EXPECT_FALSE(limiter.try_take(-1, kStart));
  EXPECT_TRUE(limiter.try_take(5, kStart));
}

TEST(RateLimiter, NothingFlowsIntoAClosedOne) {
  RateLimiter limiter(0, 2);
  EXPECT_TRUE(limiter.try_take(2, kStart));
  EXPECT_EQ(limiter.wait_for(1, kStart + seconds(1'000)), Duration::max());
}

TEST(RateLimiter, DrainedItIsEmpty) {
  RateLimiter limiter(10, 10);
  limiter.drain(kStart);
  EXPECT_FALSE(limiter.try_take(1, kStart));
  EXPECT_EQ(limiter.wait_for(10, kStart), seconds(1));
  EXPECT_EQ(limiter.wait_for(0, kStart), Duration::zero());
}

TEST(RateLimiter, AClockThatGoesBackGivesNothing) {
  RateLimiter limiter(10, 1);
  EXPECT_TRUE(limiter.try_take(1, kStart));
  EXPECT_FALSE(limiter.try_take(1, kStart - seconds(100)));
  EXPECT_EQ(limiter.wait_for(1, kStart - seconds(100)), seconds(100) + milliseconds(100));
  EXPECT_TRUE(limiter.try_take(1, kStart + milliseconds(100)));
}

// The model keeps the whole history: what it would have held, were it filled nanosecond by nanosecond.
TEST(RateLimiter, AgreesWithModel) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const std::int64_t per_second = random.between(0, 200);
    const std::int64_t capacity = random.between(0, 300);
    RateLimiter limiter(per_second, capacity);
    const Int128 full = static_cast<Int128>(capacity) * 1'000'000'000;
    Int128 level = full;
    Timestamp now = kStart;
    for (int i = 0; i < 5'000; ++i) {
      const Duration step(random.chance(1, 3) ? 0 : random.between(0, 300'000'000));
      now += step;
      level = std::min(full, level + static_cast<Int128>(step.count()) * per_second);
      if (random.chance(1, 100)) {
        limiter.drain(now);
        level = 0;
        continue;
      }
      const std::int64_t tokens = random.between(0, capacity + 1);
      const Int128 cost = static_cast<Int128>(tokens) * 1'000'000'000;
      const Duration wait = limiter.wait_for(tokens, now);
      ASSERT_EQ(wait == Duration::zero(), tokens <= capacity && level >= cost);
      if (wait > Duration::zero() && wait < Duration::max()) {
        // Exactly then, and not a nanosecond earlier.
        RateLimiter early = limiter;
        ASSERT_FALSE(early.try_take(tokens, now + wait - nanoseconds(1)));
        RateLimiter there = limiter;
        ASSERT_TRUE(there.try_take(tokens, now + wait));
      }
      const bool is_granted = limiter.try_take(tokens, now);
      ASSERT_EQ(is_granted, tokens <= capacity && level >= cost);
      if (is_granted) level -= cost;
    }
  }
}

}  // namespace
}  // namespace arbees::net
