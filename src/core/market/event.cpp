#include "core/market/event.h"

#include <algorithm>

namespace arbees {

bool set_symbol(InstrumentNamed& named, std::string_view symbol) noexcept {
  const std::size_t length = std::min(symbol.size(), named.symbol.size());
  named.symbol = {};
  std::copy_n(symbol.data(), length, named.symbol.data());
  named.length = static_cast<std::uint8_t>(length);
  return length == symbol.size();
}

std::string_view control_reason_name(ControlReason reason) noexcept {
  switch (reason) {
    case ControlReason::Unstated: return "unstated";
    case ControlReason::Operator: return "operator";
    case ControlReason::Dashboard: return "dashboard";
    case ControlReason::Redis: return "redis";
    case ControlReason::Signal: return "signal";
    case ControlReason::LimitBreached: return "limit_breached";
    case ControlReason::JournalTrouble: return "journal_trouble";
    case ControlReason::LedgerTrouble: return "ledger_trouble";
    case ControlReason::ErrorRate: return "error_rate";
    case ControlReason::HeartbeatLost: return "heartbeat_lost";
    case ControlReason::Reconciliation: return "reconciliation";
  }
  return "unstated";
}

}  // namespace arbees
