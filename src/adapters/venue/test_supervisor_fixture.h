#pragma once
// For tests: a supervisor over scripted sockets, in a time of its own.

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/feed_supervisor.h"
#include "adapters/venue/scripted_feed.h"

namespace arbees::scripted {

// A stream in a time of its own; tick() is called every 100 ms of it.
class SupervisorFixture : public testing::Test {
 protected:
  void make(std::uint64_t seed = 7) {
    supervisor = std::make_unique<FeedSupervisor>(protocol, FeedContext{sockets, sink, counter, seed}, fetcher);
  }
  // Subscribed, connected, every symbol's book proven with a quantity of 1.
  void make_live(const std::vector<std::string>& symbols) {
    make();
    supervisor->subscribe(symbols);
    supervisor->start();
    supervisor->tick(now);
    sockets.last().open();
    for (const std::string& symbol : symbols) frame("snap " + symbol + " 1");
    supervisor->tick(now);
    ASSERT_EQ(supervisor->health(now).state, FeedState::Live);
    sink.log.clear();
  }
  void frame(std::string_view text) { sockets.last().frame(text, now); }
  void frame(std::size_t socket, std::string_view text) { sockets[socket].frame(text, now); }
  // Lets time pass; `each` is called before every tick.
  void pass(Duration time, const std::function<void()>& each = {}) {
    for (const Timestamp end = now + time; now < end;) {
      now += std::chrono::milliseconds(100);
      if (each) each();
      supervisor->tick(now);
    }
  }
  void pass_alive(Duration time, std::size_t socket) {
    pass(time, [this, socket] { sockets[socket].ping(); });
  }
  // Lets time pass until another dial; returns how long that took.
  Duration until_dial(Duration limit = std::chrono::minutes(30)) {
    const Timestamp start = now;
    const std::size_t before = protocol.dialed_at.size();
    while (protocol.dialed_at.size() == before && now - start < limit) pass(std::chrono::milliseconds(100));
    return now - start;
  }
  [[nodiscard]] FeedHealth health() const { return supervisor->health(now); }

  Protocol protocol;
  Sockets sockets;
  Sink sink;
  ConnectionCounter counter;
  SnapshotFetcher* fetcher = nullptr;
  std::unique_ptr<FeedSupervisor> supervisor;
  Timestamp now = from_unix_s(1'800'000'000);
};

}  // namespace arbees::scripted
