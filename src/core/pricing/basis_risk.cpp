#include "core/pricing/basis_risk.h"

#include <cmath>
#include <initializer_list>
#include <numbers>

#include "core/base/assert.h"
#include "core/pricing/distributions.h"

namespace arbees {

double disagreement_probability(const BasisInputs& inputs) noexcept {
  ARBEES_ASSERT(inputs.basis_sd > 0.0 && inputs.move_sd > 0.0);
  // ∫ φ((b·t − mean)/sd)·(b/sd)·N(−|t|) dt over moves of t basis deviations: Simpson's rule on each side of 0, where
  // the integrand is smooth; beyond nine deviations it vanishes.
  constexpr int kSteps = 2000;
  constexpr double kRange = 9.0;
  const double ratio = inputs.basis_sd / inputs.move_sd;
  const auto integrand = [&](double t) {
    return normal_density((inputs.basis_sd * t - inputs.move_mean) / inputs.move_sd) * normal_cdf(-std::fabs(t));
  };
  const double h = kRange / kSteps;
  double sum = 0.0;
  for (const double side : {-1.0, 1.0}) {
    double part = integrand(0.0) + integrand(side * kRange);
    for (int i = 1; i < kSteps; ++i) part += (i % 2 == 1 ? 4.0 : 2.0) * integrand(side * i * h);
    sum += part * h / 3.0;
  }
  return ratio * sum;
}

double disagreement_probability_small(const BasisInputs& inputs) noexcept {
  return inputs.basis_sd * std::sqrt(2.0 / std::numbers::pi) * normal_density(inputs.move_mean / inputs.move_sd) /
         inputs.move_sd;
}

}  // namespace arbees
