#include "adapters/net/io_loop.h"

#include <gmock/gmock.h>

#include <thread>

#include "adapters/net/net_test_support.h"

namespace arbees::net {
namespace {

using ::testing::ElementsAre;
using testing::run_quietly;
using testing::run_until;

constexpr Duration kSoon = std::chrono::milliseconds(1);

TEST(IoLoop, TheClockNeverGoesBack) {
  Timestamp before = IoLoop::now();
  EXPECT_GT(before, *parse_iso8601("2024-01-01T00:00:00Z"));
  for (int i = 0; i < 10'000; ++i) {
    const Timestamp now = IoLoop::now();
    ASSERT_GE(now, before);
    before = now;
  }
}

TEST(IoLoop, TheClockNeverGoesBackBetweenThreads) {
  std::atomic<std::int64_t> latest{0};
  std::atomic<int> wrong{0};
  const auto watch = [&] {
    for (int i = 0; i < 20'000; ++i) {
      const std::int64_t seen = latest.load();
      const std::int64_t now = unix_ns(IoLoop::now());
      if (now < seen) ++wrong;
      latest.store(now);
    }
  };
  std::thread other(watch);
  watch();
  other.join();
  EXPECT_EQ(wrong.load(), 0);
}

TEST(IoLoop, ServesNothingWhenThereIsNothing) {
  IoLoop loop;
  EXPECT_EQ(loop.run_for(Duration::zero()), 0U);
  EXPECT_EQ(loop.run_for(kSoon), 0U);
}

TEST(IoLoop, ServesAllThatIsReadyInOrder) {
  IoLoop loop;
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) loop.post([&order, i] { order.push_back(i); });
  EXPECT_TRUE(order.empty());
  EXPECT_EQ(loop.run_for(std::chrono::seconds(10)), 5U);
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
}

TEST(IoLoop, WorkThatMakesWorkDoesNotHoldTheCaller) {
  IoLoop loop;
  std::function<void()> again = [&] { loop.post(again); };
  loop.post(again);
  EXPECT_GT(loop.run_for(Duration::zero()), 0U);
}

TEST(IoLoop, TakesWorkFromOtherThreads) {
  IoLoop loop;
  constexpr int kEach = 500;
  int count = 0;
  const std::thread::id here = std::this_thread::get_id();
  bool is_here = true;
  const auto give = [&] {
    for (int i = 0; i < kEach; ++i) {
      loop.post([&] {
        ++count;
        is_here = is_here && std::this_thread::get_id() == here;
      });
    }
  };
  std::thread first(give);
  std::thread second(give);
  EXPECT_TRUE(run_until(loop, [&] { return count == 2 * kEach; }));
  EXPECT_TRUE(is_here);
  first.join();
  second.join();
}

TEST(IoLoop, WorkThatIsNeverDoneIsForgotten) {
  const auto owned = std::make_shared<int>(1);
  {
    IoLoop loop;
    loop.post([owned] {});
  }
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(Timer, CallsOnceAfterItsDelay) {
  IoLoop loop;
  Timer timer(loop);
  int calls = 0;
  const Timestamp start = IoLoop::now();
  Timestamp called = kNoTime;
  timer.after(std::chrono::milliseconds(20), [&] {
    ++calls;
    called = IoLoop::now();
  });
  ASSERT_TRUE(run_until(loop, [&] { return calls == 1; }));
  EXPECT_GE(called - start, std::chrono::milliseconds(19));  // two clocks
  run_quietly(loop);
  EXPECT_EQ(calls, 1);
}

TEST(Timer, CallsAgainAndAgain) {
  IoLoop loop;
  Timer timer(loop);
  int calls = 0;
  timer.every(kSoon, [&] { ++calls; });
  EXPECT_TRUE(run_until(loop, [&] { return calls == 5; }));
}

TEST(Timer, SetAnewForgetsWhatItWasSetTo) {
  IoLoop loop;
  Timer timer(loop);
  int first = 0;
  int second = 0;
  timer.every(kSoon, [&] { ++first; });
  timer.after(kSoon, [&] { ++second; });
  ASSERT_TRUE(run_until(loop, [&] { return second == 1; }));
  run_quietly(loop);
  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, 1);
}

TEST(Timer, CancelledAndDestroyedOnesAreSilent) {
  IoLoop loop;
  int calls = 0;
  Timer cancelled(loop);
  cancelled.after(Duration::zero(), [&] { ++calls; });
  cancelled.cancel();
  auto destroyed = std::make_unique<Timer>(loop);
  destroyed->after(Duration::zero(), [&] { ++calls; });
  destroyed.reset();
  run_quietly(loop);
  EXPECT_EQ(calls, 0);
}

TEST(Timer, ItsCallMayDoAnythingToIt) {
  IoLoop loop;
  int calls = 0;
  auto timer = std::make_unique<Timer>(loop);
  timer->every(kSoon, [&] {
    if (++calls == 1)
      return timer->after(kSoon, [&] {
        ++calls;
        timer.reset();
      });
  });
  ASSERT_TRUE(run_until(loop, [&] { return timer == nullptr; }));
  run_quietly(loop);
  EXPECT_EQ(calls, 2);
}

TEST(Timer, EndlessWaitsAreNone) {
  IoLoop loop;
  Timer timer(loop);
  int calls = 0;
  timer.after(Duration::max(), [&] { ++calls; });
  run_quietly(loop);
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace arbees::net
