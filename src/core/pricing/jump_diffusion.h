#pragma once
// Merton's (1976) digital: diffusion plus Poisson jumps of log-size N(−δ²/2, δ²), total variance kept.

namespace arbees {

struct JumpDiffusionInputs {
  double spot = 0.0;
  double strike = 0.0;
  double volatility = 0.0;  // total: σ² = σ_d² + λ·δ² a year
  double seconds = 0.0;
  double jumps_per_hour = 0.0;
  double jump_sd = 0.0;  // δ
};

// The volatility that is left for the diffusion; 0 if the jumps exceed the total.
[[nodiscard]] double diffusive_volatility(const JumpDiffusionInputs& inputs) noexcept;

// P(S_T ≥ K).
[[nodiscard]] double jump_diffusion_probability(const JumpDiffusionInputs& inputs) noexcept;

}  // namespace arbees
