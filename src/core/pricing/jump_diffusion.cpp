#include "core/pricing/jump_diffusion.h"

#include <cmath>

#include "core/base/assert.h"
#include "core/pricing/distributions.h"
#include "core/pricing/settlement_window.h"

namespace arbees {

double diffusive_volatility(const JumpDiffusionInputs& inputs) noexcept {
  const double jumps_per_year = inputs.jumps_per_hour * (kSecondsPerYear / 3600.0);
  const double left = inputs.volatility * inputs.volatility - jumps_per_year * inputs.jump_sd * inputs.jump_sd;
  return left > 0.0 ? std::sqrt(left) : 0.0;
}

double jump_diffusion_probability(const JumpDiffusionInputs& inputs) noexcept {
  ARBEES_ASSERT(inputs.spot > 0.0 && inputs.strike > 0.0 && inputs.seconds > 0.0);
  const double sigma = diffusive_volatility(inputs);
  const double diffusive = sigma * sigma * inputs.seconds / kSecondsPerYear;
  const double expected = inputs.jumps_per_hour * inputs.seconds / 3600.0;
  const double log_ratio = std::log(inputs.spot / inputs.strike);
  constexpr int kLimit = 1000;
  const double most = expected + 12.0 * std::sqrt(expected) + 30.0;  // the Poisson tail beyond is below 1e-16
  double weight = std::exp(-expected);
  double sum = 0.0;
  for (int k = 0; k < kLimit && k <= most; ++k) {
    const double v = std::sqrt(diffusive + k * inputs.jump_sd * inputs.jump_sd);
    if (v > 0.0) {
      sum += weight * normal_cdf(log_ratio / v - 0.5 * v);
    } else {
      sum += log_ratio >= 0.0 ? weight : 0.0;
    }
    weight *= expected / (k + 1);
  }
  return sum;
}

}  // namespace arbees
