#include "adapters/bus/sequence_watch.h"

#include <gtest/gtest.h>

namespace arbees::bus {
namespace {

Envelope numbered(std::uint64_t seq, std::uint64_t topic_seq, std::int64_t timestamp_ms) {
  return Envelope{seq, topic_seq, timestamp_ms, "kalshi_monitor"};
}

TEST(SequenceWatch, CountsWhatIsMissingOfEachTopic) {
  SequenceWatch watch;
  EXPECT_EQ(watch.on("a", numbered(10, 4, 1)), Arrival::InOrder);  // joined late: nobody knows what was before
  EXPECT_EQ(watch.on("b", numbered(11, 1, 2)), Arrival::InOrder);
  EXPECT_EQ(watch.on("a", numbered(15, 7, 3)), Arrival::Gap);
  EXPECT_EQ(watch.on("b", numbered(16, 2, 4)), Arrival::InOrder);  // seq jumps for who takes a part of the topics
  EXPECT_EQ(watch.counts().gaps, 1U);
  EXPECT_EQ(watch.counts().missed, 2U);
  EXPECT_EQ(watch.counts().messages, 4U);
}

TEST(SequenceWatch, TellsARepeatedMessageFromARestart) {
  SequenceWatch watch;
  EXPECT_EQ(watch.on("a", numbered(5, 5, 100)), Arrival::InOrder);
  EXPECT_EQ(watch.on("a", numbered(6, 6, 110)), Arrival::InOrder);
  EXPECT_EQ(watch.on("a", numbered(6, 6, 110)), Arrival::Duplicate);
  EXPECT_EQ(watch.on("a", numbered(5, 5, 100)), Arrival::Duplicate);
  EXPECT_EQ(watch.on("a", numbered(1, 1, 500)), Arrival::Restart);
  EXPECT_EQ(watch.on("a", numbered(2, 2, 510)), Arrival::InOrder);
  EXPECT_EQ(watch.counts().duplicates, 2U);
  EXPECT_EQ(watch.counts().restarts, 1U);
  EXPECT_EQ(watch.counts().gaps, 0U);
}

TEST(SequenceWatch, ARestartIsSeenAlsoWhenItsFirstMessagesWereMissed) {
  SequenceWatch watch;
  EXPECT_EQ(watch.on("a", numbered(1000, 80, 100)), Arrival::InOrder);
  EXPECT_EQ(watch.on("a", numbered(50, 3, 200)), Arrival::Restart);
  EXPECT_EQ(watch.on("a", numbered(51, 4, 201)), Arrival::InOrder);
}

TEST(SequenceWatch, WithoutTopicNumbersNothingIsJudged) {
  SequenceWatch watch;
  EXPECT_EQ(watch.on("a", numbered(1, 0, 1)), Arrival::InOrder);
  EXPECT_EQ(watch.on("a", numbered(9, 0, 2)), Arrival::InOrder);
  EXPECT_EQ(watch.counts().gaps, 0U);
}

TEST(SequenceWatch, RemembersABoundedNumberOfTopics) {
  SequenceWatch watch(4);
  for (std::uint64_t i = 1; i <= 100; ++i) {
    EXPECT_EQ(watch.on("id" + std::to_string(i), numbered(i, 1, static_cast<std::int64_t>(i))), Arrival::InOrder);
  }
  EXPECT_EQ(watch.on("id100", numbered(101, 3, 101)), Arrival::Gap);  // the latest are still known
}

}  // namespace
}  // namespace arbees::bus
