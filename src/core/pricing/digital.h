#pragma once
// What a digital contract is worth: the probability that the settled value lies where the contract pays.
//
// Three laws of the remaining move, all driftless: lognormal (averages matched by their first two moments, Levy
// 1992), arithmetic (Bachelier: dollar moves of S·σ a year; exact for averages, right up to hours) and Student-t
// of the arithmetic form (fat tails). An uncertain spot (`spot_sd`, dollars) widens the move.
//
// Rounding: a value rounded half-up to `rounding_unit` reaches K exactly when the unrounded one reaches K − unit/2.
// While anything is still random a probability lies in [1e-12, 1 − 1e-12]; once all is known it is 0 or 1.
// Ladders: every price comes from one cumulative function, so the ranges and tails of an event sum to one.

#include <cstdint>

#include "core/market/contract.h"
#include "core/pricing/distributions.h"
#include "core/pricing/settlement_window.h"

namespace arbees {

enum class ReturnModel : std::uint8_t { Lognormal, Arithmetic, StudentT };

struct MoveLaw {
  ReturnModel model = ReturnModel::Arithmetic;
  double degrees_of_freedom = 0.0;  // of StudentT only
};

struct PricingInputs {
  double spot = 0.0;           // quote currency, > 0
  double volatility = 0.0;     // a year, as a fraction, > 0
  double spot_sd = 0.0;        // standard deviation of our estimate of the spot, quote currency
  double rounding_unit = 0.0;  // of the settled value, half-up; 0: not rounded
  SettlementWindow window;
  MoveLaw law;
};

struct DigitalValue {
  double probability = 0.0;
  double delta = 0.0;                 // per unit of quote currency of spot
  double vega = 0.0;                  // per 1.00 of annual volatility
  double effective_variance_s = 0.0;  // seconds of variance in what remains to be averaged
};

// Whether the numbers are finite, positive where they must be, and the window possible.
[[nodiscard]] bool are_valid(const PricingInputs& inputs) noexcept;

// The cumulative function of the settled value, from which every payoff is made. Inputs must be valid.
class SettledValueLaw {
 public:
  enum class Tie : std::uint8_t {
    Wins,
    Loses
  };  // whether reaching the level exactly counts; matters once all is known

  struct Tails {
    double below = 0.0;  // P(value < level) and P(value ≥ level): each computed on its own side
    double above = 0.0;
    double delta = 0.0;  // of `above`
    double vega = 0.0;
  };

  explicit SettledValueLaw(const PricingInputs& inputs) noexcept;

  [[nodiscard]] Tails at(double level, Tie tie) const noexcept;
  [[nodiscard]] double effective_variance_s() const noexcept { return variance_s_; }
  // Nothing random is left: probabilities are 0 or 1.
  [[nodiscard]] bool is_known() const noexcept { return sd_ == 0.0; }
  // Of the mean of what remains: in dollars, and of its logarithm (lognormal law only).
  [[nodiscard]] double sd() const noexcept { return sd_; }
  [[nodiscard]] double log_sd() const noexcept { return log_sd_; }
  // (spot − required mean) in standard deviations, arithmetic form; 0 when all is known.
  [[nodiscard]] double standard_score(double level) const noexcept;

 private:
  [[nodiscard]] Tails known_tails(double level, Tie tie) const noexcept;
  [[nodiscard]] Tails arithmetic_tails(double level) const noexcept;
  [[nodiscard]] Tails lognormal_tails(double level) const noexcept;

  PricingInputs inputs_;
  double variance_s_ = 0.0;
  double sd_ = 0.0;               // dollars, of the mean of what remains (incl. spot_sd and missing prints)
  double diffusive_share_ = 0.0;  // of the variance: what scales with volatility
  double log_sd_ = 0.0;           // lognormal: standard deviation of ln(mean of what remains), all included
  double log_sd_vega_ = 0.0;      // its derivative by volatility
};

// The lowest unrounded value with which "settled value ⋈ strike" turns: K − u/2 for ≥ and <, K + u/2 for > and ≤.
// Strikes between two multiples of the unit count as the next one.
[[nodiscard]] double turning_level(Comparator comparator, double strike, double rounding_unit) noexcept;

// Comparator must be known. For up/down contracts the strike is the start value.
[[nodiscard]] DigitalValue threshold_value(const PricingInputs& inputs, Comparator comparator, double strike) noexcept;

// lower ≤ settled value ≤ upper (or < upper).
[[nodiscard]] DigitalValue range_value(const PricingInputs& inputs, double lower, double upper,
                                       bool includes_upper) noexcept;

}  // namespace arbees
