#include "core/pricing/distributions.h"

#include <cmath>

#include "core/base/assert.h"

namespace arbees {
namespace {

constexpr double kSqrtHalf = 0.70710678118654752440;
constexpr double kInverseSqrtTwoPi = 0.39894228040143267794;

// Acklam's rational approximation of the normal quantile, relative error 1.15e-9 before refinement.
double rough_normal_quantile(double p) noexcept {
  constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                          1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                          -1.328068155288572e+01};
  constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                          -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00};
  constexpr double kTail = 0.02425;
  if (p < kTail) {
    const double q = std::sqrt(-2.0 * std::log(p));
    return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
           ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1.0);
  }
  const double q = p - 0.5;
  const double r = q * q;
  return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
         (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1.0);
}

// Continued fraction of the incomplete beta function (modified Lentz), good for x < (a+1)/(a+b+2).
double beta_fraction(double a, double b, double x) noexcept {
  constexpr int kLimit = 400;
  constexpr double kTiny = 1e-300;
  constexpr double kEnough = 1e-16;
  double c = 1.0;
  double d = 1.0 - (a + b) * x / (a + 1.0);
  d = 1.0 / (std::fabs(d) < kTiny ? kTiny : d);
  double fraction = d;
  const auto step = [&](double term) {
    d = 1.0 + term * d;
    d = 1.0 / (std::fabs(d) < kTiny ? kTiny : d);
    c = 1.0 + term / c;
    if (std::fabs(c) < kTiny) c = kTiny;
    fraction *= c * d;
    return std::fabs(c * d - 1.0);
  };
  for (int m = 1; m <= kLimit; ++m) {
    step(m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)));
    const double change = step(-(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)));
    if (change < kEnough) break;
  }
  return fraction;
}

// I_x(a, b) with its complement given, so that neither loses digits near 0.
double regularised_beta(double a, double b, double x, double one_minus_x, double log_beta) noexcept {
  if (x <= 0.0) return 0.0;
  if (one_minus_x <= 0.0) return 1.0;
  const double front = std::exp(a * std::log(x) + b * std::log(one_minus_x) - log_beta);
  if (x < (a + 1.0) / (a + b + 2.0)) return front * beta_fraction(a, b, x) / a;
  return 1.0 - front * beta_fraction(b, a, one_minus_x) / b;
}

}  // namespace

double normal_density(double x) noexcept { return kInverseSqrtTwoPi * std::exp(-0.5 * x * x); }

double normal_cdf(double x) noexcept { return 0.5 * std::erfc(-x * kSqrtHalf); }

double normal_quantile(double p) noexcept {
  ARBEES_ASSERT(p > 0.0 && p < 1.0);
  if (p > 0.5) return -normal_quantile(1.0 - p);
  const double x = rough_normal_quantile(p);
  const double error = (normal_cdf(x) - p) / normal_density(x);
  return x - error / (1.0 + 0.5 * x * error);
}

StudentT::StudentT(double degrees_of_freedom) noexcept
    : degrees_of_freedom_(degrees_of_freedom),
      scale_(std::sqrt(degrees_of_freedom / (degrees_of_freedom - 2.0))),
      log_beta_(std::lgamma(0.5 * degrees_of_freedom) + std::lgamma(0.5) - std::lgamma(0.5 * degrees_of_freedom + 0.5)),
      density_at_0_(scale_ * std::exp(-log_beta_) / std::sqrt(degrees_of_freedom)) {
  ARBEES_ASSERT(degrees_of_freedom >= kMinimumDegreesOfFreedom);
}

double StudentT::density(double z) const noexcept {
  const double t = z * scale_;
  return density_at_0_ * std::exp(-0.5 * (degrees_of_freedom_ + 1.0) * std::log1p(t * t / degrees_of_freedom_));
}

double StudentT::cdf(double z) const noexcept {
  const double t = z * scale_;
  const double total = degrees_of_freedom_ + t * t;
  const double tail =
      0.5 * regularised_beta(0.5 * degrees_of_freedom_, 0.5, degrees_of_freedom_ / total, t * t / total, log_beta_);
  return z <= 0.0 ? tail : 1.0 - tail;
}

double StudentT::quantile(double p) const noexcept {
  ARBEES_ASSERT(p > 0.0 && p < 1.0);
  if (p > 0.5) return -quantile(1.0 - p);
  // The tail is monotone: bracket by doubling, then bisect to the last bit and let Newton polish inside.
  double low = -1.0;
  while (cdf(low) > p) low *= 2.0;
  double high = 0.0;
  double z = normal_quantile(p);
  for (int i = 0; i < 200; ++i) {
    if (!(z > low && z < high)) z = 0.5 * (low + high);
    const double excess = cdf(z) - p;
    (excess > 0.0 ? high : low) = z;
    const double step = excess / density(z);
    if (std::fabs(step) <= 1e-15 * std::fabs(z) || high - low <= 1e-15 * std::fabs(low)) return z - step;
    z -= step;
  }
  return z;
}

double volatility_mixture_cdf(double z, double coefficient_of_variation) noexcept {
  // s = exp(a·X − a²) with X normal: E[s²] = 1. The trapezoid rule converges geometrically for this integrand.
  const double a = std::sqrt(std::log1p(coefficient_of_variation * coefficient_of_variation));
  constexpr int kSteps = 160;
  constexpr double kRange = 9.0;
  constexpr double kStep = kRange / kSteps;
  double sum = 0.0;
  for (int i = -kSteps; i <= kSteps; ++i) {
    const double x = i * kStep;
    sum += normal_density(x) * normal_cdf(z * std::exp(a * a - a * x));
  }
  return sum * kStep;
}

}  // namespace arbees
