#pragma once
// A subscriber in a thread of its own, which hands what it receives to a loop's thread.
//
// The loop is woken once for whatever has gathered. What the loop does not take in time is dropped and counted beyond
// kMostWaiting messages: the gap is then seen like any other.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/bus/subscriber.h"
#include "adapters/net/io_loop.h"

namespace arbees::bus {

class BusThread {
 public:
  // `take` is called in the loop's thread, from inside its run_for().
  BusThread(std::unique_ptr<Subscriber> subscriber, net::IoLoop& loop, std::function<void(BusFrame&&)> take);
  // After this no call is made any more.
  ~BusThread();
  BusThread(const BusThread&) = delete;
  BusThread& operator=(const BusThread&) = delete;

  [[nodiscard]] std::uint64_t dropped() const noexcept { return state_->dropped.load(); }

  static constexpr std::size_t kMostWaiting = 65'536;

 private:
  // Shared with calls that wait in the loop, which may come after this object is gone.
  struct State {
    std::mutex mutex;
    std::vector<BusFrame> waiting;  // guarded by the mutex, as is_posted
    bool is_posted = false;
    std::atomic<std::uint64_t> dropped{0};
    std::atomic<bool> stop{false};
    std::function<void(BusFrame&&)> take;  // the loop's thread only
  };
  static void run(const std::shared_ptr<State>& state, Subscriber& subscriber, net::IoLoop& loop);
  static void hand_over(State& state);

  std::shared_ptr<State> state_;
  std::unique_ptr<Subscriber> subscriber_;
  std::thread thread_;
};

}  // namespace arbees::bus
