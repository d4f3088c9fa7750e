#pragma once
// How good probabilities were: proper scores, calibration, and intervals that respect shared outcomes.
//
// Probabilities p and outcomes y (0 or 1) come as spans of one size. Sources: Brier 1950; Murphy 1973; Stephenson,
// Coelho & Jolliffe 2008 (within-bin terms); Spiegelhalter 1986; Wilson 1927. Rows of one close share one path of
// the price: intervals resample closes, never rows.

#include <cstdint>
#include <span>

namespace arbees {

struct Scores {
  double brier = 0.0;
  double log_loss = 0.0;        // p clipped to [1e-6, 1 − 1e-6]
  double log_loss_error = 0.0;  // its standard error, rows taken as independent
  double skill = 0.0;           // 1 − Brier/(ȳ(1 − ȳ)); 0 if the outcome never varies
  double spiegelhalter = 0.0;   // standard normal if calibrated
};
[[nodiscard]] Scores scores(std::span<const double> p, std::span<const std::uint8_t> y) noexcept;

struct ReliabilityBin {
  double count = 0.0;
  double mean_p = 0.0;
  double mean_y = 0.0;
};

struct Calibration {
  double ece = 0.0;
  double mce = 0.0;
  double reliability = 0.0;
  double resolution = 0.0;
  double uncertainty = 0.0;
  double within_variance = 0.0;    // WBV
  double within_covariance = 0.0;  // WBC; Brier = reliability − resolution + uncertainty + WBV − WBC
};
// By bins of equal width over [0, 1]; writes them into `bins` (their number is the span's size).
[[nodiscard]] Calibration calibration_equal_width(std::span<const double> p, std::span<const std::uint8_t> y,
                                                  std::span<ReliabilityBin> bins) noexcept;
// By bins of equal count; `order` lists the rows by rising p.
[[nodiscard]] Calibration calibration_equal_count(std::span<const double> p, std::span<const std::uint8_t> y,
                                                  std::span<const std::uint32_t> order,
                                                  std::span<ReliabilityBin> bins) noexcept;

struct Interval {
  double low = 0.0;
  double high = 0.0;
};
// 95 %, of a rate of `hits` in `count`.
[[nodiscard]] Interval wilson_interval(double hits, double count) noexcept;

// 95 % interval of Σsums/Σcounts by resampling clusters. `means` is room for the resampled values (their number).
[[nodiscard]] Interval cluster_bootstrap(std::span<const double> sums, std::span<const double> counts,
                                         std::span<double> means, std::uint64_t seed) noexcept;

}  // namespace arbees
