#include "app/running/own_trouble.h"

#include <fmt/format.h>

#include "adapters/telemetry/format.h"

namespace arbees::app {

std::string own_trouble_text(ControlReason reason, const RiskLimits& limits, const ExecutionEngine& execution,
                             Timestamp now) {
  const std::string_view name = control_reason_name(reason);
  switch (reason) {
    case ControlReason::ErrorRate:
      return fmt::format(
          "{}: {} orders were refused or not answered within a minute (limits.max_order_errors_per_minute), or the "
          "fate "
          "of one was unknown for {} s (limits.max_unknown_order_secs)",
          name, limits.max_order_errors_per_minute,
          std::chrono::duration_cast<std::chrono::seconds>(limits.max_unknown_time).count());
    case ControlReason::LimitBreached:
      if (!execution.is_day_lost(now)) {
        return fmt::format("{}: the venue triggered or refused our order group (status says)", name);
      }
      return fmt::format(
          "{}: the UTC day has lost limits.max_daily_loss, {} (it stands at {}): when it is resumed, it only sells "
          "until the day ends; or the venue triggered or refused our order group (status says)",
          name, to_short_text(limits.max_daily_loss), to_short_text(execution.result_of_day(now)));
    case ControlReason::Reconciliation:
      return fmt::format("{}: books and venue differ, or a fill fits no order of ours (arbees reconcile)", name);
    default: return std::string(name);
  }
}

}  // namespace arbees::app
