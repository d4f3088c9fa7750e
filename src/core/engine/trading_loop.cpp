#include "core/engine/trading_loop.h"

namespace arbees {

bool TradingLoop::step() {
  if (!source_.poll(event_)) return false;
  event_.sequence = ++sequence_;
  outputs_.clear();
  // Written before it is handled: the event that kills us is on record.
  if (journal_ != nullptr && !journal_failed_ && !journal_->append(event_)) {
    journal_failed_ = true;
    Event halt;
    halt.received_at = event_.received_at;
    halt.sequence = sequence_;
    halt.body = Control{};
    handler_.on_event(halt, outputs_);
  }
  handler_.on_event(event_, outputs_);
  if (outputs_.empty()) return true;
  digest_.add(outputs_);
  sink_.deliver(event_, outputs_);
  return true;
}

}  // namespace arbees
