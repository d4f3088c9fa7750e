#include "core/pricing/basis_bound.h"

#include <algorithm>
#include <cmath>

#include "core/pricing/distributions.h"
#include "core/pricing/kelly.h"

namespace arbees {
namespace {

constexpr double kDeviations = 4.0;
constexpr double kStandardErrors = 2.0;
constexpr double kDegreesOfFreedom = 4.0;
constexpr double kBillion = 1e9;
constexpr double kShareOfKelly = 0.5;
// Spot prices are below 2^53 units, so that doubles hold them exactly.
constexpr double kLargestBound = 9e15;

std::int64_t rounded_up(double value) noexcept { return static_cast<std::int64_t>(std::ceil(value)); }

}  // namespace

std::optional<StatisticalBound> statistical_bound(const BasisEvidence& evidence) noexcept {
  if (evidence.observations < kLeastObservations || !evidence.standard_deviation.is_positive()) return std::nullopt;
  const double n = evidence.observations;
  const double sd = static_cast<double>(evidence.standard_deviation.units());
  const double mean = std::fabs(static_cast<double>(evidence.mean.units())) + kStandardErrors * sd / std::sqrt(n);
  const double greatest_sd = sd * (1.0 + kStandardErrors / std::sqrt(2.0 * (n - 1.0)));
  const double bound = mean + kDeviations * greatest_sd;
  if (bound > kLargestBound) return std::nullopt;
  const double expected = 2.0 * StudentT(kDegreesOfFreedom).cdf(-kDeviations);
  const double worst = 1.0 / (kDeviations * kDeviations);
  StatisticalBound result;
  result.bound = SpotPrice::from_units(rounded_up(bound));
  result.expected_billionths = rounded_up(expected * kBillion);
  result.reserve_billionths = rounded_up((worst - expected) * kBillion);
  return result;
}

std::int64_t basis_kelly_millionths(const StatisticalBound& bound, Money outlay, Money guaranteed) noexcept {
  if (!guaranteed.is_positive() || !outlay.is_positive()) return 0;
  const double probability = 1.0 - static_cast<double>(bound.expected_billionths + bound.reserve_billionths) / kBillion;
  const double cost = static_cast<double>(outlay.units()) / static_cast<double>(guaranteed.units());
  if (cost >= 1.0) return 0;
  return static_cast<std::int64_t>(std::max(0.0, kShareOfKelly * kelly_fraction(probability, cost)) * 1e6);
}

}  // namespace arbees
