#pragma once
// An axis: one settled value that contracts pay on, and the exact integer coordinates of its strikes.
//
// Contracts share an axis only if source, asset, instant and rounding are the same (categories: the
// event). A coordinate is twice the strike in the axis' unit of 10^-8 (callers may choose another),
// plus one for "strictly above": "≥ K" is 2K, "> K" is 2K + 1, so that order on the integers is order
// over the real values. Where the settled value is rounded to a grid, thresholds are first moved up to
// the grid: "> 63,999.99" and "≥ 64,000" of a value in cents are one and the same node.
// Every payoff is the indicator of an interval [from, to) of coordinates; the ends may be infinite.

#include <cstdint>

#include "core/base/result.h"
#include "core/base/wide_int.h"
#include "core/market/contract.h"

namespace arbees {

using Coordinate = Int128;

inline constexpr Coordinate kMinusInfinity = -(Coordinate{1} << 124);
inline constexpr Coordinate kPlusInfinity = Coordinate{1} << 124;
// Strikes and bounds in units stay below this, so that no sum of a few coordinates can overflow.
inline constexpr Coordinate kMaxStrikeUnits = Coordinate{1} << 120;

// `rounding_decimals` of a value that is not rounded.
inline constexpr std::uint8_t kNotRounded = 255;

// Which settled value an axis stands for.
struct AxisKey {
  std::uint64_t event_group = 0;  // categories only: their outcomes are numbered within one event
  Timestamp closes_at = kNoTime;
  SettlementSource source = SettlementSource::Unknown;
  Asset asset = Asset::Unknown;
  std::uint8_t rounding_decimals = kNotRounded;
  std::uint8_t serial = 0;  // tells axes apart that have no terms (checking tools)

  constexpr bool operator==(const AxisKey&) const noexcept = default;
};

// Step of the settled value in coordinates: 1 for a real value, else twice the grid's step.
[[nodiscard]] Coordinate axis_step(const AxisKey& key) noexcept;

// The smallest coordinate on the axis' grid that is not below `threshold`.
[[nodiscard]] Coordinate fold_up(Coordinate threshold, Coordinate step) noexcept;

// Pays 1 where from ≤ settled value < to.
struct Interval {
  Coordinate from = kMinusInfinity;
  Coordinate to = kPlusInfinity;
};

// "≥ strike" and "> strike" as thresholds before folding.
[[nodiscard]] constexpr Coordinate at_least(Coordinate strike_units) noexcept { return 2 * strike_units; }
[[nodiscard]] constexpr Coordinate above(Coordinate strike_units) noexcept { return 2 * strike_units + 1; }

struct AxisInterval {
  AxisKey axis;
  Interval interval;
};

// Where and when these terms pay, or why that is not known. Barrier contracts (Hit) depend on the path,
// not on a settled value: TermsRefused. A category's `upper`, where known, is the number of outcomes.
[[nodiscard]] Result<AxisInterval, NotTradable> axis_interval(const ContractTerms& terms) noexcept;

// Whether values of the two cells can occur together when |s1 − s2| ≤ bound (in coordinates, so twice
// the bound in units), inclusive, over the values that each axis can take.
struct Cell {
  Coordinate from = kMinusInfinity;
  Coordinate to = kPlusInfinity;
  Coordinate step = 1;
};
[[nodiscard]] bool can_meet(const Cell& a, const Cell& b, Coordinate bound) noexcept;

}  // namespace arbees
