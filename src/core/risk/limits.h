#pragma once
// The limits of trading: one table with name, default and allowed range of each.
//
// The seed's exposure limits count what positions cost including fees, gross: hedged legs are not
// netted, and what resting or unanswered orders could still spend is counted as spent.

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/time.h"
#include "core/market/values.h"

namespace arbees {

struct RiskLimits {
  std::int64_t min_edge_millionths = 30'000;  // least profit over outlay (30,000 = 3 %)
  Money max_position = Money::whole(500);     // cost plus fee of one buy order
  Money max_asset_exposure = Money::whole(2'000);
  Money max_total_exposure = Money::whole(5'000);
  Money min_liquidity = Money::whole(50);               // least outlay the books must allow
  Duration price_staleness = std::chrono::seconds(60);  // oldest book a leg may rest on
  std::int64_t max_open_requests = 8;
  std::int64_t min_return_per_day = 0;           // least profit for a dollar bound for a day, in millionths
  Money max_basis_exposure = Money::whole(250);  // held in contracts that a statistical bound relates
};

// How a limit is named in the environment and what values it takes, in its own unit.
struct LimitRow {
  std::string_view name;  // "CRYPTO_MIN_EDGE_PCT"
  std::string_view unit;  // "percent", "dollars", "seconds", "count", "dollars per dollar and day"
  std::int64_t least;     // both bounds in units of the field
  std::int64_t most;
  std::int64_t (*get)(const RiskLimits&) noexcept;
  void (*set)(RiskLimits&, std::int64_t) noexcept;
  int decimals;  // of the written form: units / 10^decimals
};

inline constexpr std::size_t kLimitCount = 9;
[[nodiscard]] const std::array<LimitRow, kLimitCount>& limit_table() noexcept;

// The name of the first relation that does not hold (position ≤ asset ≤ total), or empty.
[[nodiscard]] std::string_view broken_relation(const RiskLimits& limits) noexcept;

}  // namespace arbees
