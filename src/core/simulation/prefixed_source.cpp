#include "core/simulation/prefixed_source.h"

namespace arbees {

bool PrefixedSource::poll(Event& event) {
  if (next_ < prefix_.size()) {
    if (!has_first_ && !source_.poll(first_)) return false;
    has_first_ = true;
    event = Event{};
    event.received_at = first_.received_at;
    event.body = prefix_[next_++];
    return true;
  }
  if (!has_first_) return source_.poll(event);
  has_first_ = false;
  event = first_;
  return true;
}

std::vector<EventBody> paper_opening(std::uint64_t session, const RiskLimits& limits) {
  std::vector<EventBody> events;
  events.emplace_back(SessionStarted{session & 0x7fffffff});
  for (std::uint32_t row = 0; row < kLimitCount; ++row) {
    LimitSet limit;
    limit.row = row;
    limit.value = limit_table()[row].get(limits);
    events.emplace_back(limit);
  }
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    CashSnapshot cash;
    cash.cash = Money::whole(10'000);
    cash.venue = venue;
    events.emplace_back(cash);
  }
  return events;
}

}  // namespace arbees
