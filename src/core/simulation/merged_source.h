#pragma once
// Joins a stream of market events with the simulated exchange's answers, by time.
//
// At equal times the exchange comes first: its orders arrive before the market moves on, and its
// answers are heard before the next market event. Ends when the market stream has ended and nothing
// is under way at the exchange. Live, a stream that has nothing now goes on later, and the exchange must
// not run ahead of the clock: set_horizon() says how far it may. A market event that was stamped before an answer
// which has come out already takes that answer's time: time never goes back, for the journal as for the engine.

#include "core/market/ports.h"
#include "core/simulation/simulated_exchange.h"

namespace arbees {

class MergedSource final : public EventSource {
 public:
  MergedSource(EventSource& market, SimulatedExchange& exchange) noexcept : market_(market), exchange_(exchange) {}

  bool poll(Event& event) override;

  // No answer later than this comes out yet. Unset: all that are under way, once the market has nothing more.
  void set_horizon(Timestamp horizon) noexcept { horizon_ = horizon; }

 private:
  void come_out(Event& event) noexcept {
    if (event.received_at < latest_) event.received_at = latest_;
    latest_ = event.received_at;
  }

  EventSource& market_;
  SimulatedExchange& exchange_;
  Event next_;
  bool has_next_ = false;
  Timestamp horizon_ = Timestamp::max();
  Timestamp latest_ = kNoTime;  // of what came out last
};

}  // namespace arbees
