#pragma once
// Laws of the standardised move: normal, unit-variance Student-t and a volatility mixture.
//
// Tails are computed on the side asked for, never as one minus the other, so small probabilities keep their
// digits. Sources: normal through erfc; Student-t through the regularised incomplete beta (Lentz's continued
// fraction); mixture of normals with log-normal volatility by the trapezoid rule.

namespace arbees {

[[nodiscard]] double normal_density(double x) noexcept;
// P(X ≤ x).
[[nodiscard]] double normal_cdf(double x) noexcept;
// The x with P(X ≤ x) = p, 0 < p < 1 (Acklam's approximation with one Halley step; relative error below 1e-13).
[[nodiscard]] double normal_quantile(double p) noexcept;

// Student-t scaled to variance one; degrees of freedom above 2. Constants are computed once.
class StudentT {
 public:
  static constexpr double kMinimumDegreesOfFreedom = 2.001;  // at 2 the variance is infinite

  explicit StudentT(double degrees_of_freedom) noexcept;

  [[nodiscard]] double degrees_of_freedom() const noexcept { return degrees_of_freedom_; }
  [[nodiscard]] double density(double z) const noexcept;
  // P(Z ≤ z).
  [[nodiscard]] double cdf(double z) const noexcept;
  // The z with P(Z ≤ z) = p, 0 < p < 1.
  [[nodiscard]] double quantile(double p) const noexcept;

 private:
  double degrees_of_freedom_;
  double scale_;         // √(ν/(ν−2)): from unit variance to the textbook variable
  double log_beta_;      // ln B(ν/2, 1/2)
  double density_at_0_;  // of the unit-variance variable
};

// P(Z ≤ z) for a normal whose volatility is log-normal with unit second moment and coefficient of variation cv.
[[nodiscard]] double volatility_mixture_cdf(double z, double coefficient_of_variation) noexcept;

}  // namespace arbees
