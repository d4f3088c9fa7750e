#include "core/pricing/fast_law.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace arbees {
namespace {

constexpr std::size_t kSize = FastLaw::kCoefficients;

// Chebyshev series → powers of x (Clenshaw in polynomial form). Coefficients grow to about 1e6 times the values,
// which leaves ten digits: more than the fit has.
std::array<double, kSize> to_powers(const std::array<double, kSize>& series) noexcept {
  std::array<double, kSize> powers{};
  std::array<double, kSize> previous{};  // T_{k−1}
  std::array<double, kSize> current{};   // T_k
  previous[0] = 1.0;
  current[1] = 1.0;
  powers[0] = 0.5 * series[0];
  for (std::size_t k = 1; k < kSize; ++k) {
    std::array<double, kSize> next{};
    for (std::size_t i = 0; i < kSize; ++i) {
      powers[i] += series[k] * current[i];
      if (i + 1 < kSize) next[i + 1] += 2.0 * current[i];
      next[i] -= previous[i];
    }
    previous = current;
    current = next;
  }
  return powers;
}

}  // namespace

FastLaw::FastLaw(MoveLaw law) noexcept : model_(law.model) {
  if (law.model != ReturnModel::StudentT) {
    fit();
    fast_error_ = measured_error();
    return;
  }
  student_.emplace(law.degrees_of_freedom);
  reach_ = 6.0;
  // Which bend suits depends on the tails; the best of a few is kept.
  double best = 0.0;
  for (const double bend : {4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0}) {
    bend_ = bend;
    fit();
    const double error = measured_error();
    if (best == 0.0 || error < fast_error_) {
      best = bend;
      fast_error_ = error;
    }
  }
  bend_ = best;
  fit();
}

void FastLaw::fit() noexcept {
  const std::size_t size = terms();
  const auto count = static_cast<double>(size);
  const double square = reach_ * reach_;
  const double largest = student_ ? square / (square + bend_) : square;
  u_scale_ = 2.0 / largest;
  std::array<double, kSize> values{};
  for (std::size_t k = 0; k < size; ++k) {
    const double x = std::cos(std::numbers::pi * (static_cast<double>(k) + 0.5) / count);
    const double u = (x + 1.0) / u_scale_;
    const double z = std::sqrt(student_ ? bend_ * u / (1.0 - u) : u);
    // (F(z) − 1/2)/z from the tail that has no cancellation near 0: erf-like by 1/2 − F(−z).
    values[k] = z > 1e-6 ? (0.5 - cdf(-z)) / z : density(0.0);
  }
  std::array<double, kSize> series{};
  for (std::size_t j = 0; j < size; ++j) {
    double sum = 0.0;
    for (std::size_t k = 0; k < size; ++k) {
      sum += values[k] * std::cos(std::numbers::pi * static_cast<double>(j) * (static_cast<double>(k) + 0.5) / count);
    }
    series[j] = 2.0 * sum / count;
  }
  coefficients_ = to_powers(series);
}

double FastLaw::fast_cdf(double z) const noexcept {
  const double cut = std::clamp(z, -reach_, reach_);
  const double square = cut * cut;
  const double u = student_ ? square / (square + bend_) : square;
  const double x = u * u_scale_ - 1.0;
  double q = coefficients_[terms() - 1];
  for (std::size_t i = terms() - 1; i-- > 0;) q = q * x + coefficients_[i];
  return cut * q + 0.5;
}

double FastLaw::measured_error() const noexcept {
  double worst = 0.0;
  constexpr int kPoints = 500;
  for (int i = 0; i <= kPoints; ++i) {
    const double z = reach_ * i / kPoints;
    worst = std::max(worst, std::fabs(fast_cdf(-z) - cdf(-z)));
  }
  // Beyond the reach a normal argument is cut, and the error is the value there at most; a Student-t is not used there.
  return student_ ? worst : std::max(worst, fast_cdf(-reach_));
}

}  // namespace arbees
