#pragma once
// How much of the bankroll a bet deserves (Kelly 1956), shrunk for doubt about the probability.
//
// `cost` is the all-in price of a contract that pays one dollar, fee included. Fractions are of the bankroll, stake
// included; a bet without edge gets 0. Exclusive outcomes: Smoczynski & Tomkins 2010. Shrinkage: f·e²/(e² + sd²)
// with edge e = p − cost and sd that of p (after Baker & McHale 2013).

#include <span>

namespace arbees {

[[nodiscard]] double kelly_fraction(double probability, double cost) noexcept;

// Expected growth of ln(bankroll) per bet of the fraction.
[[nodiscard]] double kelly_growth(double probability, double cost, double fraction) noexcept;

[[nodiscard]] double kelly_shrinkage(double edge, double sd) noexcept;

// Outcomes of which at most one pays. Writes the stakes (0: left out) and returns the reserve rate R: probability
// not covered per dollar not covered. The three spans have one size, at most kMaximumOutcomes.
inline constexpr std::size_t kMaximumOutcomes = 256;
double exclusive_kelly(std::span<const double> probabilities, std::span<const double> costs,
                       std::span<double> stakes) noexcept;

// A pair that pays 0, 1 or 2 dollars with these probabilities, for `cost` a pair: the fraction of greatest growth.
struct PairOutcome {
  double none = 0.0;
  double one = 0.0;
  double both = 0.0;
};
[[nodiscard]] double pair_kelly_fraction(PairOutcome outcome, double cost) noexcept;

}  // namespace arbees
