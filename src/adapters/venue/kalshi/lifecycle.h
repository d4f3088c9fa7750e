#pragma once
// What a `market_lifecycle_v2` message says about one market.
//
// Opening and closing at the planned times is never announced (clocks decide that); what is announced
// are creation, pauses, results, and changes of the price grid or of the strike.

#include <cstdint>
#include <optional>

#include "adapters/venue/kalshi/message.h"
#include "core/market/event.h"

namespace arbees::kalshi {

struct LifecycleChange {
  std::optional<ContractPhase> phase;
  std::optional<Price> payout;  // of one Yes contract
  std::optional<PriceGrid> grid;
  std::optional<Strike> lower;
  std::optional<Strike> upper;
  bool is_known_type = true;
};

// nullptr, or what is wrong. An event type we do not know changes nothing and is no error.
[[nodiscard]] const char* read_lifecycle(const Message& message, LifecycleChange& change) noexcept;

}  // namespace arbees::kalshi
