#pragma once
// How likely two settlement sources decide one up/down question differently.
//
// The move of the first source over the window is N(mean, sd²); the second one's differs by the change of the basis,
// N(0, basis_sd²), independent of it. They disagree when the two moves have different signs.

namespace arbees {

struct BasisInputs {
  double basis_sd = 0.0;   // of the basis' change over the window, quote currency, > 0
  double move_mean = 0.0;  // of spot minus start, as things stand
  double move_sd = 0.0;    // > 0
};

[[nodiscard]] double disagreement_probability(const BasisInputs& inputs) noexcept;

// s_b·√(2/π)·φ(mean/sd)/sd: the limit for a basis that is small against the move.
[[nodiscard]] double disagreement_probability_small(const BasisInputs& inputs) noexcept;

}  // namespace arbees
