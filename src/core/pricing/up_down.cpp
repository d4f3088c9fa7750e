#include "core/pricing/up_down.h"

#include <cmath>

#include "core/base/assert.h"
#include "core/pricing/distributions.h"

namespace arbees {
namespace {

// Variance of (Σ remaining prints)/n in units of σ_$².
double average_variance_s(const SettlementWindow& window) noexcept {
  const double share = static_cast<double>(window.remaining()) / window.prints;
  return share * share * effective_variance_s(window);
}

}  // namespace

UpDownValue up_down_before_start_is_known(const UpDownInputs& inputs) noexcept {
  const SettlementWindow& start = inputs.start;
  const SettlementWindow& end = inputs.end;
  ARBEES_ASSERT(inputs.spot > 0.0 && inputs.volatility > 0.0);
  ARBEES_ASSERT(start.prints > 0 && end.prints > 0 && end.known_count == 0);
  const double m = start.remaining();
  const double last_start = start.first_due_s + (m - 1.0) * start.spacing_s;
  ARBEES_ASSERT(m < 1.0 || end.first_due_s >= last_start);
  // min(a, b) = a for every pair: the covariance is the sum of the start's times over its number of prints.
  const double covariance_s = m < 1.0 ? 0.0 : m * 0.5 * (start.first_due_s + last_start) / start.prints;

  UpDownValue value;
  value.mean = (start.known_count * inputs.spot - start.known_sum) / start.prints;
  value.variance_s = average_variance_s(end) + average_variance_s(start) - 2.0 * covariance_s;
  const double sd = inputs.spot * inputs.volatility * std::sqrt(value.variance_s / kSecondsPerYear);
  value.probability = normal_cdf(value.mean / sd);
  return value;
}

}  // namespace arbees
