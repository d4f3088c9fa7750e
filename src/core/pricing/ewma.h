#pragma once
// Exponentially weighted variance rate over irregular times, right from the first observation on.
//
// S ← S·2^(−Δt/H) + variance, W ← W·2^(−Δt/H) + Δt, rate = S/W: seconds without data (`pass`) lower the weight and
// leave the rate.

#include <cmath>

namespace arbees {

class EwmaRate {
 public:
  explicit EwmaRate(double half_life_s) noexcept : half_life_s_(half_life_s) {}

  void add(double span_s, double variance) noexcept {
    pass(span_s);
    sum_ += variance;
    weight_s_ += span_s;
  }
  void pass(double span_s) noexcept {
    const double factor = std::exp2(-span_s / half_life_s_);
    sum_ *= factor;
    weight_s_ *= factor;
  }

  [[nodiscard]] double sum() const noexcept { return sum_; }
  [[nodiscard]] double weight_s() const noexcept { return weight_s_; }
  [[nodiscard]] double half_life_s() const noexcept { return half_life_s_; }
  // Of variance per second; 0 before the first observation.
  [[nodiscard]] double rate() const noexcept { return weight_s_ > 0.0 ? sum_ / weight_s_ : 0.0; }
  // 0 … 1: how much of the weight that endless data would give is there.
  [[nodiscard]] double saturation() const noexcept { return weight_s_ * std::log(2.0) / half_life_s_; }

 private:
  double half_life_s_;
  double sum_ = 0.0;
  double weight_s_ = 0.0;
};

}  // namespace arbees
