#pragma once
// The queue between sockets and engine: events of all feeds in the order in which they were read.
//
// One thread fills and drains it, so a full queue is drained by whoever would fill it further (see full()): nothing is
// ever dropped. Times never decrease: an event stamped before its predecessor takes that one's time. With simulated
// execution the exchange's answers come in between, at the time they are due.

#include <cstddef>
#include <vector>

#include "core/market/ports.h"

namespace arbees::app {

class LiveSource final : public EventSource {
 public:
  explicit LiveSource(std::size_t capacity);

  bool poll(Event& event) override;

  void push(const Event& event);
  // Something of our own: a listed contract, a command. `now` is its received_at.
  void push(const EventBody& body, Timestamp now);
  [[nodiscard]] bool full() const noexcept { return size_ == ring_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // The most that ever waited.
  [[nodiscard]] std::size_t high_water() const noexcept { return high_water_; }

 private:
  std::vector<Event> ring_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  std::size_t high_water_ = 0;
  Timestamp last_ = kNoTime;
};

}  // namespace arbees::app
