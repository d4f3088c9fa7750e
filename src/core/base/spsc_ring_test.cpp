#include "core/base/spsc_ring.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>

namespace arbees {
namespace {

TEST(SpscRing, RefusesWhatDoesNotFitAndKeepsTheOrder) {
  SpscRing<int> ring(3);
  EXPECT_EQ(ring.capacity(), 4U);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(ring.try_push(i));
  EXPECT_FALSE(ring.try_push(4));
  int value = -1;
  EXPECT_TRUE(ring.try_pop(value));
  EXPECT_EQ(value, 0);
  EXPECT_TRUE(ring.try_push(4));
  for (int i = 1; i < 5; ++i) {
    EXPECT_TRUE(ring.try_pop(value));
    EXPECT_EQ(value, i);
  }
  EXPECT_FALSE(ring.try_pop(value));
  EXPECT_EQ(ring.size(), 0U);
}

TEST(SpscRing, HandsEverythingFromOneThreadToAnother) {
  constexpr std::uint64_t kCount = 200'000;
  SpscRing<std::uint64_t> ring(64);
  std::thread other([&] {
    for (std::uint64_t i = 1; i <= kCount;) {
      if (ring.try_push(i)) {
        ++i;
      } else {
        std::this_thread::yield();
      }
    }
  });
  std::uint64_t expected = 1;
  bool in_order = true;
  while (expected <= kCount) {
    std::uint64_t value = 0;
    if (!ring.try_pop(value)) {
      std::this_thread::yield();
      continue;
    }
    in_order = in_order && value == expected;
    ++expected;
  }
  other.join();
  EXPECT_TRUE(in_order);
}

}  // namespace
}  // namespace arbees
