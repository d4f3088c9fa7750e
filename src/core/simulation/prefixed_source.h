#pragma once
// A source of events with some put before its first, at that event's time.

#include <utility>
#include <vector>

#include "core/market/ports.h"
#include "core/risk/limits.h"

namespace arbees {

class PrefixedSource final : public EventSource {
 public:
  PrefixedSource(EventSource& source, std::vector<EventBody> prefix) : source_(source), prefix_(std::move(prefix)) {}

  bool poll(Event& event) override;

 private:
  EventSource& source_;
  std::vector<EventBody> prefix_;
  std::size_t next_ = 0;
  Event first_;
  bool has_first_ = false;
};

// What a paper session begins with: its number, its limits, and $10,000 on each prediction venue.
[[nodiscard]] std::vector<EventBody> paper_opening(std::uint64_t session, const RiskLimits& limits);

}  // namespace arbees
