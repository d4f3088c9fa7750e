#include "core/pricing/kelly.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/assert.h"

namespace arbees {

double kelly_fraction(double probability, double cost) noexcept {
  if (!(cost > 0.0 && cost < 1.0) || probability <= cost) return 0.0;
  return (probability - cost) / (1.0 - cost);
}

double kelly_growth(double probability, double cost, double fraction) noexcept {
  ARBEES_ASSERT(cost > 0.0 && cost < 1.0 && fraction >= 0.0 && fraction < 1.0);
  return probability * std::log1p(fraction * (1.0 - cost) / cost) + (1.0 - probability) * std::log1p(-fraction);
}

double kelly_shrinkage(double edge, double sd) noexcept {
  if (edge <= 0.0) return 0.0;
  return edge * edge / (edge * edge + sd * sd);
}

double exclusive_kelly(std::span<const double> probabilities, std::span<const double> costs,
                       std::span<double> stakes) noexcept {
  const std::size_t count = probabilities.size();
  ARBEES_ASSERT(count <= kMaximumOutcomes && costs.size() == count && stakes.size() == count);
  std::array<std::size_t, kMaximumOutcomes> order{};
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
            [&](std::size_t a, std::size_t b) { return probabilities[a] * costs[b] > probabilities[b] * costs[a]; });
  double left_probability = 1.0;
  double left_cost = 1.0;
  double reserve = 1.0;
  std::size_t taken = 0;
  while (taken < count) {
    const std::size_t i = order[taken];
    if (probabilities[i] <= reserve * costs[i] || left_cost - costs[i] <= 0.0) break;
    left_probability -= probabilities[i];
    left_cost -= costs[i];
    reserve = left_probability / left_cost;
    ++taken;
  }
  std::fill(stakes.begin(), stakes.end(), 0.0);
  for (std::size_t k = 0; k < taken; ++k) {
    const std::size_t i = order[k];
    stakes[i] = std::max(probabilities[i] - reserve * costs[i], 0.0);
  }
  return reserve;
}

double pair_kelly_fraction(PairOutcome outcome, double cost) noexcept {
  if (!(cost > 0.0 && cost < 2.0)) return 0.0;
  // Growth is concave; its slope Σ p·r/(1 + f·r), with r the return of each outcome, falls through zero once.
  const double one = 1.0 / cost - 1.0;
  const double both = 2.0 / cost - 1.0;
  const auto slope = [&](double f) {
    return -outcome.none / (1.0 - f) + outcome.one * one / (1.0 + f * one) + outcome.both * both / (1.0 + f * both);
  };
  if (slope(0.0) <= 0.0) return 0.0;
  double low = 0.0;
  double high = 1.0 - 1e-12;
  if (slope(high) > 0.0) return 1.0;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (slope(middle) > 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace arbees
