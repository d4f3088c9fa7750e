#pragma once
// From what two settlement sources did in the past: how far apart they may be assumed to lie, and what that costs.
//
// The bound is the greatest mean, plus four of the greatest standard deviation, that the sample leaves likely (two
// standard errors each). Beyond it two probabilities, both for the value lying further apart in either direction: the
// one to expect (Student-t with four degrees of freedom, for such differences have fat tails) and the one to reserve
// for, which assumes no law at all (Chebyshev: 1/16). Below kLeastObservations there is no evidence, hence no bound.

#include <cstdint>
#include <optional>

#include "core/market/values.h"

namespace arbees {

struct BasisEvidence {
  SpotPrice mean;
  SpotPrice standard_deviation;
  std::uint32_t observations = 0;
};

struct StatisticalBound {
  SpotPrice bound;
  std::int64_t expected_billionths = 0;  // probability of lying beyond
  std::int64_t reserve_billionths = 0;   // what the worst law adds to it
};

inline constexpr std::uint32_t kLeastObservations = 30;

[[nodiscard]] std::optional<StatisticalBound> statistical_bound(const BasisEvidence& evidence) noexcept;

// The share of the bankroll for a trade that pays `guaranteed` unless the bound fails: half of Kelly's, at the
// probability with the reserve taken off. In millionths; 0 if it has no edge then.
[[nodiscard]] std::int64_t basis_kelly_millionths(const StatisticalBound& bound, Money outlay,
                                                  Money guaranteed) noexcept;

}  // namespace arbees
