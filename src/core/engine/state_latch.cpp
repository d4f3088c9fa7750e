#include "core/engine/state_latch.h"

namespace arbees {

bool StateLatch::on(const Control& control, const Event& event, Outputs& outputs) noexcept {
  const bool is_resumed = control.command == ControlCommand::Resume;
  if (state_ == TradingState::Halted && !is_resumed) return false;
  TradingState wanted = TradingState::Halted;
  if (is_resumed) wanted = TradingState::Active;
  const bool flattens = control.command == ControlCommand::Flatten;
  if (flattens || control.command == ControlCommand::Reduce) wanted = TradingState::Reducing;
  return change(wanted, control.reason, event, outputs);
}

bool StateLatch::change(TradingState state, ControlReason reason, const Event& event, Outputs& outputs) noexcept {
  // A trouble of our own outlasts the loss of Redis, which ends by itself, and a person's halt does not hide it.
  const bool is_weaker = reason_ == ControlReason::Redis || reason_ == ControlReason::Operator;
  if (state == state_ && is_weaker) reason_ = reason;
  if (state == state_) return false;
  state_ = state;
  reason_ = reason;
  TradingStateChanged changed;
  changed.state = state;
  changed.reason = reason;
  outputs.reports.push_back(Report{event.received_at, event.sequence, changed});
  return true;
}

}  // namespace arbees
