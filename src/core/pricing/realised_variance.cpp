#include "core/pricing/realised_variance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/assert.h"

namespace arbees {
namespace {

double sum_of_neighbours(std::span<const double> returns) noexcept {
  double sum = 0.0;
  for (std::size_t i = 1; i < returns.size(); ++i) sum += returns[i] * returns[i - 1];
  return sum;
}

// n/(n − lost): sums that lose terms at the ends are scaled to all returns.
double end_correction(std::size_t count, std::size_t lost) noexcept {
  return static_cast<double>(count) / static_cast<double>(count - lost);
}

}  // namespace

double realised_variance(std::span<const double> returns) noexcept {
  double sum = 0.0;
  for (const double r : returns) sum += r * r;
  return sum;
}

double autocovariance_corrected_variance(std::span<const double> returns) noexcept {
  if (returns.size() < 2) return 0.0;
  return realised_variance(returns) + 2.0 * end_correction(returns.size(), 1) * sum_of_neighbours(returns);
}

double bipower_variance(std::span<const double> returns) noexcept {
  if (returns.size() < 2) return 0.0;
  double sum = 0.0;
  for (std::size_t i = 1; i < returns.size(); ++i) sum += std::fabs(returns[i]) * std::fabs(returns[i - 1]);
  return 0.5 * std::numbers::pi * end_correction(returns.size(), 1) * sum;
}

double min_realised_variance(std::span<const double> returns) noexcept {
  if (returns.size() < 2) return 0.0;
  double sum = 0.0;
  for (std::size_t i = 1; i < returns.size(); ++i) {
    const double least = std::min(std::fabs(returns[i]), std::fabs(returns[i - 1]));
    sum += least * least;
  }
  return std::numbers::pi / (std::numbers::pi - 2.0) * end_correction(returns.size(), 1) * sum;
}

double median_realised_variance(std::span<const double> returns) noexcept {
  if (returns.size() < 3) return 0.0;
  double sum = 0.0;
  for (std::size_t i = 2; i < returns.size(); ++i) {
    const double a = std::fabs(returns[i - 2]);
    const double b = std::fabs(returns[i - 1]);
    const double c = std::fabs(returns[i]);
    const double median = std::max(std::min(a, b), std::min(std::max(a, b), c));
    sum += median * median;
  }
  return kMedianVarianceScale * end_correction(returns.size(), 2) * sum;
}

double realised_quarticity(std::span<const double> returns) noexcept {
  double sum = 0.0;
  for (const double r : returns) sum += r * r * r * r;
  return static_cast<double>(returns.size()) / 3.0 * sum;
}

TwoScaleVariance two_scale_variance(std::span<const double> returns, int scales) noexcept {
  ARBEES_ASSERT(scales >= 1);
  const auto n = static_cast<double>(returns.size());
  const auto k = static_cast<std::size_t>(scales);
  if (returns.size() < 2 * k) return {};
  // Σ over all overlapping k-step returns, divided by k, is the mean of the k subsampled RVs.
  double sum = 0.0;
  double step = 0.0;
  for (std::size_t i = 0; i < k; ++i) step += returns[i];
  for (std::size_t i = k;; ++i) {
    sum += step * step;
    if (i == returns.size()) break;
    step += returns[i] - returns[i - k];
  }
  TwoScaleVariance result;
  const double mean_size = (n - scales + 1.0) / scales;
  result.subsampled = sum / scales;
  result.plain = result.subsampled - mean_size / n * realised_variance(returns);
  result.adjusted = result.plain / (1.0 - mean_size / n);
  return result;
}

double qlike_loss(double realised, double forecast) noexcept {
  ARBEES_ASSERT(realised > 0.0 && forecast > 0.0);
  const double ratio = realised / forecast;
  return ratio - std::log(ratio) - 1.0;
}

}  // namespace arbees
