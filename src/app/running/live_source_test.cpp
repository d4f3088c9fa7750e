#include "app/running/live_source.h"

#include <gtest/gtest.h>

#include <deque>

#include "core/base/random.h"

namespace arbees::app {
namespace {

TEST(LiveSource, KeepsOrderAndTimeNeverDecreases) {
  LiveSource source(4);
  Event event;
  EXPECT_FALSE(source.poll(event));
  source.push(TimerTick{1}, from_unix_s(10));
  source.push(TimerTick{2}, from_unix_s(9));
  source.push(TimerTick{3}, from_unix_s(11));
  ASSERT_TRUE(source.poll(event));
  EXPECT_EQ(std::get<TimerTick>(event.body).count, 1U);
  ASSERT_TRUE(source.poll(event));
  EXPECT_EQ(std::get<TimerTick>(event.body).count, 2U);
  EXPECT_EQ(event.received_at, from_unix_s(10));
  EXPECT_EQ(source.high_water(), 3U);
}

TEST(LiveSource, AgreesWithModel) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    LiveSource source(7);
    std::deque<std::uint64_t> model;
    std::uint64_t next = 0;
    for (int step = 0; step < 500; ++step) {
      if (!source.full() && random.chance(1, 2)) {
        model.push_back(++next);
        source.push(TimerTick{next}, from_unix_s(static_cast<std::int64_t>(next)));
      } else {
        Event event;
        ASSERT_EQ(source.poll(event), !model.empty());
        if (model.empty()) continue;
        ASSERT_EQ(std::get<TimerTick>(event.body).count, model.front());
        model.pop_front();
      }
      ASSERT_EQ(source.size(), model.size());
      ASSERT_EQ(source.full(), model.size() == 7);
    }
  }
}

}  // namespace
}  // namespace arbees::app
