#pragma once
// "Hit" contracts: the path touches a level before the close (reflection principle, continuous observation).
//
// Driftless price, so the logarithm drifts by −σ²/2. A touch already seen is worth one and is not priced here.
// Last-trade highs are observed at trades only; that bias is below the error of the volatility.

namespace arbees {

struct TouchInputs {
  double spot = 0.0;
  double level = 0.0;  // above the spot: touched from below; under it: from above; equal: touched
  double volatility = 0.0;
  double seconds = 0.0;
};

[[nodiscard]] double touch_probability(const TouchInputs& inputs) noexcept;

// 2·N(−|ln(K/S)|/v): no drift of the logarithm. For bounds and for screening.
[[nodiscard]] double touch_probability_driftless(const TouchInputs& inputs) noexcept;

}  // namespace arbees
