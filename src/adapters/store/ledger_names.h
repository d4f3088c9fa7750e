#pragma once
// The words that the ledger's tables and exports use for small enumerations.

#include <string_view>

#include "core/market/order.h"
#include "core/market/outputs.h"

namespace arbees {

[[nodiscard]] constexpr std::string_view side_name(Side side) noexcept { return side == Side::Buy ? "buy" : "sell"; }
[[nodiscard]] constexpr std::string_view outcome_name(Outcome outcome) noexcept {
  return outcome == Outcome::Yes ? "yes" : "no";
}
[[nodiscard]] constexpr std::string_view time_in_force_name(TimeInForce time_in_force) noexcept {
  switch (time_in_force) {
    case TimeInForce::FillOrKill: return "fill_or_kill";
    case TimeInForce::ImmediateOrCancel: return "immediate_or_cancel";
    case TimeInForce::PostOnly: return "post_only";
  }
  return "immediate_or_cancel";
}
[[nodiscard]] constexpr std::string_view trading_state_name(TradingState state) noexcept {
  switch (state) {
    case TradingState::Active: return "active";
    case TradingState::Reducing: return "reducing";
    case TradingState::Halted: return "halted";
  }
  return "halted";
}

}  // namespace arbees
