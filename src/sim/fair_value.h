#pragma once
// What the simulated market makers think a contract is worth: a normal law of the settled value.

#include <cstdint>

#include "core/base/time.h"
#include "sim/market.h"
#include "sim/spot_market.h"

namespace arbees::sim {

// Probability of Yes in millionths; one half for an up/down window without a start value.
[[nodiscard]] std::int64_t fair_probability(const Market& market, const SpotMarket& spot, Timestamp now);

// The instant whose price decides: the close; of a one-minute candle named by its start, a minute later.
[[nodiscard]] Timestamp decides_at(const Market& market) noexcept;

}  // namespace arbees::sim
