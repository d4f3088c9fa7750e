#include "app/running/live_source.h"

#include <algorithm>

#include "core/base/assert.h"

namespace arbees::app {

LiveSource::LiveSource(std::size_t capacity) : ring_(capacity) { ARBEES_ASSERT(capacity > 0); }

bool LiveSource::poll(Event& event) {
  if (size_ == 0) return false;
  event = ring_[first_];
  first_ = first_ + 1 == ring_.size() ? 0 : first_ + 1;
  --size_;
  return true;
}

void LiveSource::push(const Event& event) {
  ARBEES_ASSERT(!full());
  const std::size_t free = first_ + size_ < ring_.size() ? first_ + size_ : first_ + size_ - ring_.size();
  ring_[free] = event;
  ring_[free].received_at = last_ = std::max(last_, event.received_at);
  high_water_ = std::max(high_water_, ++size_);
}

void LiveSource::push(const EventBody& body, Timestamp now) {
  Event event;
  event.received_at = now;
  event.body = body;
  push(event);
}

}  // namespace arbees::app
