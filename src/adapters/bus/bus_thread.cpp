#include "adapters/bus/bus_thread.h"

#include <utility>

namespace arbees::bus {
namespace {

// The wish to stop is looked at this often.
constexpr Duration kStopCheck = std::chrono::milliseconds(50);

}  // namespace

BusThread::BusThread(std::unique_ptr<Subscriber> subscriber, net::IoLoop& loop, std::function<void(BusFrame&&)> take)
    : state_(std::make_shared<State>()), subscriber_(std::move(subscriber)) {
  state_->take = std::move(take);
  thread_ = std::thread([this, &loop] { run(state_, *subscriber_, loop); });
}

BusThread::~BusThread() {
  state_->stop.store(true);
  thread_.join();
  state_->take = nullptr;
}

void BusThread::run(const std::shared_ptr<State>& shared, Subscriber& subscriber, net::IoLoop& loop) {
  State& state = *shared;
  std::vector<BusFrame> frames;
  while (!state.stop.load()) {
    frames.clear();
    if (subscriber.receive(kStopCheck, [&](BusFrame&& frame) { frames.push_back(std::move(frame)); }) == 0) continue;
    bool must_wake = false;
    {
      const std::lock_guard lock(state.mutex);
      for (BusFrame& frame : frames) {
        if (state.waiting.size() < kMostWaiting) {
          state.waiting.push_back(std::move(frame));
        } else {
          state.dropped.fetch_add(1);
        }
      }
      must_wake = !std::exchange(state.is_posted, true);
    }
    if (must_wake) loop.post([shared] { hand_over(*shared); });
  }
}

void BusThread::hand_over(State& state) {
  std::vector<BusFrame> frames;
  {
    const std::lock_guard lock(state.mutex);
    frames.swap(state.waiting);
    state.is_posted = false;
  }
  for (BusFrame& frame : frames) {
    if (state.take) state.take(std::move(frame));
  }
}

}  // namespace arbees::bus
