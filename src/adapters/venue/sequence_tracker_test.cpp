#include "adapters/venue/sequence_tracker.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

using enum SequenceVerdict;

TEST(SequenceTracker, BelievesTheFirstNumberAndThenCounts) {
  SequenceTracker tracker;
  EXPECT_EQ(tracker.observe(40, false), Next);
  EXPECT_EQ(tracker.observe(41, false), Next);
  EXPECT_EQ(tracker.observe(44, false), Gap);
  EXPECT_EQ(tracker.expected(), 42u);
  EXPECT_EQ(tracker.observe(45, false), Next);
}

TEST(SequenceTracker, IgnoresRepeatsButNotARunOfThem) {
  SequenceTracker tracker;
  EXPECT_EQ(tracker.observe(100, false), Next);
  EXPECT_EQ(tracker.observe(100, false), Old);
  EXPECT_EQ(tracker.observe(99, false), Old);
  EXPECT_EQ(tracker.observe(101, false), Next);
  for (int i = 1; i < SequenceTracker::kOldRunLimit; ++i) {
    EXPECT_EQ(tracker.observe(static_cast<std::uint64_t>(i), false), Old);
  }
  EXPECT_EQ(tracker.observe(8, false), Gap);
  EXPECT_EQ(tracker.observe(9, false), Next);
}

TEST(SequenceTracker, ANewConnectionIsARestartAndNoGap) {
  SequenceTracker tracker;
  EXPECT_EQ(tracker.observe(70000, false), Next);
  EXPECT_EQ(tracker.observe(1, true), Restarted);
  EXPECT_EQ(tracker.observe(2, false), Next);
  tracker.allow_restart();
  EXPECT_EQ(tracker.observe(2, false), Restarted);
  EXPECT_EQ(tracker.observe(2, false), Old) << "allowed once only";
  tracker.allow_restart();
  EXPECT_EQ(tracker.observe(9, false), Gap) << "forward is a gap even then";
}

}  // namespace
}  // namespace arbees
