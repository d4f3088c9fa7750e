#pragma once
// Halts that the engine decides by itself: they last until somebody resumes, also when they come while Redis is away.

#include <string>

#include "core/engine/execution_engine.h"
#include "core/risk/limits.h"

namespace arbees::app {

[[nodiscard]] constexpr bool is_own_trouble(ControlReason reason) noexcept {
  return reason == ControlReason::LimitBreached || reason == ControlReason::ErrorRate ||
         reason == ControlReason::HeartbeatLost || reason == ControlReason::Reconciliation;
}

// What a person reads: the reason's name, what it means, and the limit behind it. `execution` knows the UTC day.
[[nodiscard]] std::string own_trouble_text(ControlReason reason, const RiskLimits& limits,
                                           const ExecutionEngine& execution, Timestamp now);

}  // namespace arbees::app
