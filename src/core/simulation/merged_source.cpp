#include "core/simulation/merged_source.h"

namespace arbees {

bool MergedSource::poll(Event& event) {
  if (!has_next_ && exchange_.next_due() == Timestamp::max()) {
    // Nothing is under way that could come first: straight through, without a copy.
    if (!market_.poll(event)) return false;
    come_out(event);
    exchange_.observe(event);
    return true;
  }
  if (!has_next_) has_next_ = market_.poll(next_);
  // Step the exchange from one due time to the next: an answer must not overtake an earlier arrival.
  for (;;) {
    const Timestamp due = exchange_.next_due();
    if (due == Timestamp::max() || due > horizon_ || (has_next_ && due > next_.received_at)) break;
    exchange_.advance(due);
    if (!exchange_.poll(due, event)) continue;
    come_out(event);
    return true;
  }
  if (!has_next_) return false;
  has_next_ = false;
  event = next_;
  come_out(event);
  exchange_.observe(event);
  return true;
}

}  // namespace arbees
