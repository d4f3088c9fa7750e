#pragma once
// The trading state, and what may change it.
//
// Halted is latched: it ends only with a Resume, and commands to reduce or to flatten do nothing meanwhile. Whatever is
// not understood halts. Each change is reported once.

#include "core/market/event.h"
#include "core/market/outputs.h"

namespace arbees {

class StateLatch {
 public:
  [[nodiscard]] TradingState state() const noexcept { return state_; }
  // Why it is in that state.
  [[nodiscard]] ControlReason reason() const noexcept { return reason_; }

  // True if the command changed the state.
  bool on(const Control& control, const Event& event, Outputs& outputs) noexcept;
  // Trouble of our own: nothing but a Resume ends what it begins. True if it changed the state.
  bool halt(ControlReason reason, const Event& event, Outputs& outputs) noexcept {
    return change(TradingState::Halted, reason, event, outputs);
  }

 private:
  bool change(TradingState state, ControlReason reason, const Event& event, Outputs& outputs) noexcept;

  TradingState state_ = TradingState::Active;
  ControlReason reason_ = ControlReason::Unstated;
};

}  // namespace arbees
