#pragma once
// Variance of a path from its returns, with and without microstructure noise and jumps.
//
// Every function returns the variance over the whole time that the returns cover, except where stated; a rate is
// that divided by the time. Fewer returns than an estimator needs give 0. Sources: Barndorff-Nielsen & Shephard
// 2004 (bipower), Andersen, Dobrev & Schaumburg 2012 (MinRV, MedRV), Zhang, Mykland & Aït-Sahalia 2005 (two-scale).

#include <span>

namespace arbees {

[[nodiscard]] double realised_variance(std::span<const double> returns) noexcept;

// RV + 2·n/(n−1)·Σ r_i·r_{i−1}: first-order correction for noise.
[[nodiscard]] double autocovariance_corrected_variance(std::span<const double> returns) noexcept;

// Without jumps: (π/2)·n/(n−1)·Σ|r_i||r_{i−1}|, and by the least or the median of neighbours.
[[nodiscard]] double bipower_variance(std::span<const double> returns) noexcept;
[[nodiscard]] double min_realised_variance(std::span<const double> returns) noexcept;
[[nodiscard]] double median_realised_variance(std::span<const double> returns) noexcept;
inline constexpr double kMedianVarianceScale = 1.419358302022441508;  // π/(6 − 4√3 + π)

// (n/3)·Σ r⁴; the standard error of RV is √(2·RQ/n).
[[nodiscard]] double realised_quarticity(std::span<const double> returns) noexcept;

// Average of the RVs of `scales` subsampled grids, less the noise that the finest grid shows.
struct TwoScaleVariance {
  double subsampled = 0.0;  // mean of the subsampled RVs
  double plain = 0.0;       // subsampled − (n̄/n)·RV
  double adjusted = 0.0;    // for small samples: plain/(1 − n̄/n)
};
[[nodiscard]] TwoScaleVariance two_scale_variance(std::span<const double> returns, int scales) noexcept;

// QLIKE loss of a variance forecast (Patton 2011): rv/h − ln(rv/h) − 1.
[[nodiscard]] double qlike_loss(double realised, double forecast) noexcept;

}  // namespace arbees
