#include "core/risk/rate_window.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace arbees {
namespace {

constexpr Duration kNanosecond{1};

struct WindowCase {
  Duration length;
  Duration step;  // a sixtieth of it
};
constexpr WindowCase kWindows[] = {
    {std::chrono::minutes(1), std::chrono::seconds(1)},
    {std::chrono::hours(1), std::chrono::minutes(1)},
};

// Counted for the whole window, and for one step more at most.
TEST(RateWindow, CountsNeverTooFewAndNoLongerThanAStepTooMany) {
  const Timestamp start = from_unix_s(36'000);
  for (const WindowCase& each : kWindows) {
    RateWindow window(each.length);
    window.add(start);
    window.add(start + each.step - kNanosecond);
    EXPECT_EQ(window.count(start + each.step - kNanosecond), 2);
    EXPECT_EQ(window.count(start + each.step - kNanosecond + each.length), 2);
    EXPECT_EQ(window.count(start + each.step + each.length), 0);
  }
}

TEST(RateWindow, SlidesStepByStep) {
  for (const WindowCase& each : kWindows) {
    RateWindow window(each.length);
    Timestamp now = from_unix_s(36'000);
    for (int i = 0; i < 200; ++i, now += each.step) {
      window.add(now);
      ASSERT_EQ(window.count(now), std::min(i + 1, 61));
    }
  }
}

TEST(RateWindow, WhatIsLongAgoIsForgotten) {
  RateWindow window(std::chrono::minutes(1));
  const Timestamp start = from_unix_s(36'000);
  for (int i = 0; i < 5; ++i) window.add(start);
  EXPECT_EQ(window.count(start + std::chrono::hours(24)), 0);
  window.add(start + std::chrono::seconds(64));  // the same slot
  EXPECT_EQ(window.count(start + std::chrono::seconds(64)), 1);
}

}  // namespace
}  // namespace arbees
