#pragma once
// Joins a stream of market events with the simulated exchange's answers, by time.
//
// At equal times the exchange comes first: its orders arrive before the market moves on, and its
// answers are heard before the next market event. Ends when the market stream has ended and nothing
// is under way at the exchange.

#include "core/market/ports.h"
#include "core/simulation/simulated_exchange.h"

namespace arbees {

class MergedSource final : public EventSource {
 public:
  MergedSource(EventSource& market, SimulatedExchange& exchange) noexcept : market_(market), exchange_(exchange) {}

  bool poll(Event& event) override;

 private:
  EventSource& market_;
  SimulatedExchange& exchange_;
  Event next_;
  bool has_next_ = false;
  bool market_ended_ = false;
};

}  // namespace arbees
