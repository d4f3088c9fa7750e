#pragma once
// The strategy of a position that was there before, in the first spare byte of its snapshot. Snapshots recorded before
// there was one have zero there: Riskless.

#include "core/market/event.h"
#include "core/risk/portfolio.h"

namespace arbees {

inline void put_strategy(PositionSnapshot& snapshot, Strategy strategy) noexcept {
  snapshot.reserved[0] = static_cast<std::uint8_t>(strategy);
}

// What no strategy has written counts as the riskiest.
[[nodiscard]] inline Strategy strategy_in(const PositionSnapshot& snapshot) noexcept {
  return snapshot.reserved[0] < kStrategyCount ? static_cast<Strategy>(snapshot.reserved[0]) : Strategy::Model;
}

}  // namespace arbees
