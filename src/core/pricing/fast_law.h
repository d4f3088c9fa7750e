#pragma once
// A law of the standardised move in two forms: exact, and a polynomial made for vector units.
//
// Fast form: F(z) = 1/2 + z·Q(u), with u = z² (normal) or z²/(z² + c) (Student-t), Q a Chebyshev fit made once at
// construction: no exponential, no branch. Its largest error, measured on a dense grid at construction, is
// `fast_error()`: below 4e-8 for the normal, below 1e-7 for Student-t from 4 degrees of freedom up. Normal
// arguments are cut at 5.3, where the fit is half the rest of 6e-8; a Student-t beyond `reach()`, where the model has
// no price any more (PriceUnavailable::BeyondReach), needs the exact form.

#include <array>
#include <cstddef>
#include <optional>

#include "core/pricing/digital.h"
#include "core/pricing/distributions.h"

namespace arbees {

class FastLaw {
 public:
  static constexpr std::size_t kCoefficients = 15;  // room
  static constexpr std::size_t kNormalCoefficients = 15;
  static constexpr std::size_t kStudentCoefficients = 14;

  explicit FastLaw(MoveLaw law) noexcept;

  [[nodiscard]] double cdf(double z) const noexcept { return student_ ? student_->cdf(z) : normal_cdf(z); }
  [[nodiscard]] double density(double z) const noexcept { return student_ ? student_->density(z) : normal_density(z); }
  [[nodiscard]] double quantile(double p) const noexcept {
    return student_ ? student_->quantile(p) : normal_quantile(p);
  }
  // What the kernels compute, for one argument.
  [[nodiscard]] double fast_cdf(double z) const noexcept;

  [[nodiscard]] ReturnModel model() const noexcept { return model_; }
  [[nodiscard]] bool is_fat_tailed() const noexcept { return student_.has_value(); }
  [[nodiscard]] double reach() const noexcept { return reach_; }
  [[nodiscard]] double bend() const noexcept { return bend_; }        // c above; 0 for the normal
  [[nodiscard]] double u_scale() const noexcept { return u_scale_; }  // maps u to [−1, 1]: x = u·scale − 1
  [[nodiscard]] std::size_t terms() const noexcept { return student_ ? kStudentCoefficients : kNormalCoefficients; }
  [[nodiscard]] double fast_error() const noexcept { return fast_error_; }
  // Of x, lowest power first; those beyond the law's number are zero.
  [[nodiscard]] const std::array<double, kCoefficients>& coefficients() const noexcept { return coefficients_; }

 private:
  void fit() noexcept;
  [[nodiscard]] double measured_error() const noexcept;

  ReturnModel model_;
  std::optional<StudentT> student_;
  double reach_ = 5.3;
  double bend_ = 0.0;
  double u_scale_ = 0.0;
  double fast_error_ = 0.0;
  std::array<double, kCoefficients> coefficients_{};
};

}  // namespace arbees
