#pragma once
// Up/down contracts whose start value is not (fully) known yet: end average against start average.
//
// Once the start value is published the contract is a threshold at it (digital.h). Before that both averages
// are random and move together; the difference A1 − A0 is normal with the variance of the prints' covariances
// Cov(S_a, S_b) = σ_$²·min(a, b). All prints of the start come before those of the end.

#include "core/pricing/settlement_window.h"

namespace arbees {

struct UpDownInputs {
  double spot = 0.0;
  double volatility = 0.0;
  SettlementWindow start;  // may be partly known
  SettlementWindow end;    // none known
};

struct UpDownValue {
  double probability = 0.0;  // of end ≥ start
  double mean = 0.0;         // of end − start, quote currency
  double variance_s = 0.0;   // of end − start, in units of σ_$²
};

[[nodiscard]] UpDownValue up_down_before_start_is_known(const UpDownInputs& inputs) noexcept;

}  // namespace arbees
