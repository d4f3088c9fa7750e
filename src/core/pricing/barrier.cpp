#include "core/pricing/barrier.h"

#include <algorithm>
#include <cmath>

#include "core/base/assert.h"
#include "core/pricing/distributions.h"
#include "core/pricing/settlement_window.h"

namespace arbees {
namespace {

double log_sd(const TouchInputs& inputs) noexcept {
  ARBEES_ASSERT(inputs.spot > 0.0 && inputs.level > 0.0 && inputs.volatility > 0.0 && inputs.seconds >= 0.0);
  return inputs.volatility * std::sqrt(inputs.seconds / kSecondsPerYear);
}

}  // namespace

double touch_probability(const TouchInputs& inputs) noexcept {
  const double v = log_sd(inputs);
  const double b = std::log(inputs.level / inputs.spot);
  if (b == 0.0) return 1.0;
  if (v == 0.0) return 0.0;
  const double side = b > 0.0 ? -1.0 : 1.0;
  const double direct = normal_cdf(side * (b + 0.5 * v * v) / v);
  const double reflected = std::exp(-b) * normal_cdf(side * (b - 0.5 * v * v) / v);
  return std::min(direct + reflected, 1.0);
}

double touch_probability_driftless(const TouchInputs& inputs) noexcept {
  const double v = log_sd(inputs);
  const double b = std::fabs(std::log(inputs.level / inputs.spot));
  if (b == 0.0) return 1.0;
  if (v == 0.0) return 0.0;
  return 2.0 * normal_cdf(-b / v);
}

}  // namespace arbees
