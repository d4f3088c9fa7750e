#pragma once
// How the variance of the window's days spreads over the hours of a week, and how much of it jumps added.
//
// One bucket per hour (UTC) for up to kMaximumDays days: variance seen, its jump-robust part, and seconds covered.
// The factor of an hour of the week is its mean rate over the mean of all, shrunk towards 1 by
// kShrinkageHours hours of prior, and the factors' mean over the week is 1. Daylight saving moves the pattern by an
// hour twice a year; the window forgets the old place.

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/time.h"

namespace arbees {

class Seasonality {
 public:
  static constexpr int kMaximumDays = 90;
  static constexpr double kShrinkageHours = 4.0;
  static constexpr int kHoursPerWeek = 168;

  // `window_days`: 1 … kMaximumDays.
  explicit Seasonality(int window_days) noexcept;

  // Variance seen over `span_s` seconds that end at `end`; times must not go back by more than the window.
  void add(Timestamp end, double span_s, double variance, double robust_variance) noexcept;

  [[nodiscard]] double factor(Timestamp at) const noexcept { return factors_[hour_of_week(at)]; }
  // Mean factor over [from, until).
  [[nodiscard]] double mean_factor(Timestamp from, Timestamp until) const noexcept;

  // Of the window, every second counting equally: seconds covered, deseasonalised variance per second, and the
  // ratio of all variance to its jump-robust part (1 … 3).
  [[nodiscard]] double covered_s() const noexcept { return covered_s_; }
  [[nodiscard]] double flat_rate() const noexcept { return flat_rate_; }
  [[nodiscard]] double jump_ratio() const noexcept { return jump_ratio_; }

 private:
  struct Hour {
    std::int64_t number = -1;  // hours since 1970 that the bucket holds; -1: none
    double seconds = 0.0;
    double variance = 0.0;
    double robust = 0.0;
  };

  [[nodiscard]] static std::size_t hour_of_week(Timestamp at) noexcept;
  void summarise(std::int64_t current_hour) noexcept;

  std::array<Hour, std::size_t{kMaximumDays} * 24> hours_{};
  std::array<double, kHoursPerWeek> factors_{};
  std::int64_t window_hours_;
  std::int64_t summarised_hour_ = -1;
  double covered_s_ = 0.0;
  double flat_rate_ = 0.0;
  double jump_ratio_ = 1.0;
};

}  // namespace arbees
