#pragma once
// What is averaged at settlement, what of it is known, and how much randomness is left in it.
//
// The settled value is the mean of `prints` values of the underlying, `spacing_s` apart; a contract on one price
// at the close is the case of one print. Times are seconds from now. For a driftless Brownian path the mean of
// the m prints to come, the first due in τ seconds, has the variance of the path after
//   V = τ + h·((m+1)(2m+1)/(6m) − 1)   seconds                                             (m ≥ 1).
// Prints that are due but were not received are estimated between their neighbours (Brownian bridge): their
// estimates go into `known_sum`, and the variance of the sum of their errors into `missing_variance_s`.

namespace arbees {

inline constexpr double kSecondsPerYear = 31'536'000.0;  // 365 days, the convention of crypto volatilities

struct SettlementWindow {
  int prints = 1;
  double spacing_s = 1.0;
  int known_count = 0;              // prints behind us, received or estimated
  double known_sum = 0.0;           // sum of those, in quote currency
  double first_due_s = 0.0;         // seconds until the next print
  double missing_variance_s = 0.0;  // variance of the sum of the estimated prints' errors, in units of σ_$²

  [[nodiscard]] int remaining() const noexcept { return prints - known_count; }
};

// One price, `seconds` from now.
[[nodiscard]] SettlementWindow single_print(double seconds) noexcept;

// `prints` values, the last of them `last_before_close_s` before the close that is `seconds_to_close` away; none
// known yet. Kalshi (stamps T−60 … T−1): 60, 1, 1. Chainlink 60 s average (window (T−60, T]): 60, 1, 0.
[[nodiscard]] SettlementWindow average_before(double seconds_to_close, int prints, double spacing_s,
                                              double last_before_close_s) noexcept;

// V above; 0 when nothing remains.
[[nodiscard]] double effective_variance_s(const SettlementWindow& window) noexcept;

// The mean that the remaining prints must reach for the settled value to reach `level`; remaining() ≥ 1.
[[nodiscard]] double required_mean(const SettlementWindow& window, double level) noexcept;

// Variance, in units of σ_$², of the sum of `count` consecutive missing prints between a neighbour `spacing_s` before
// the first and one `after_s` behind the last. One print with neighbours a and b away: a·b/(a+b).
[[nodiscard]] double bridge_sum_variance_s(int count, double spacing_s, double after_s) noexcept;

}  // namespace arbees
