#include "core/pricing/digital.h"

#include <algorithm>
#include <cmath>

#include "core/base/assert.h"

namespace arbees {
namespace {

constexpr double kCertainty = 1e-12;
// Sums of known prints carry rounding noise of their decimal values; exact settlement is in core/market.
constexpr double kKnownTolerance = 1e-7;

double inside_certainty(double probability) noexcept { return std::clamp(probability, kCertainty, 1.0 - kCertainty); }

// The variance of ln(mean of the prints) that matches the first two moments of a sum of lognormals, and its
// derivative by the variance rate. `rate`: per second.
struct LogVariance {
  double variance = 0.0;
  double by_rate = 0.0;
};

LogVariance moment_matched(const SettlementWindow& window, double rate) noexcept {
  const int m = window.remaining();
  // M2 − 1 = Σ_k (2(m−k)+1)·(e^{rate·t_k} − 1)/m², prints in order of time; expm1 keeps the digits.
  double excess = 0.0;
  double slope = 0.0;
  for (int k = 0; k < m; ++k) {
    const double weight = 2.0 * (m - 1 - k) + 1.0;
    const double t = window.first_due_s + k * window.spacing_s;
    const double growth = std::expm1(rate * t);
    excess += weight * growth;
    slope += weight * t * (growth + 1.0);
  }
  const double scale = 1.0 / (static_cast<double>(m) * m);
  return {std::log1p(excess * scale), slope * scale / (1.0 + excess * scale)};
}

}  // namespace

bool are_valid(const PricingInputs& inputs) noexcept {
  const SettlementWindow& window = inputs.window;
  const auto within = [](double value, double low, double high) { return value >= low && value <= high; };
  if (!within(inputs.spot, 1e-9, 1e12) || !within(inputs.volatility, 1e-9, 1e3)) return false;
  if (!within(inputs.spot_sd, 0.0, 1e12) || !within(inputs.rounding_unit, 0.0, 1e9)) return false;
  if (inputs.law.model == ReturnModel::StudentT &&
      !within(inputs.law.degrees_of_freedom, StudentT::kMinimumDegreesOfFreedom, 1e6)) {
    return false;
  }
  if (window.prints < 1 || window.prints > 100'000) return false;
  if (window.known_count < 0 || window.known_count > window.prints) return false;
  if (!within(window.spacing_s, 0.0, 1e9) || !within(window.missing_variance_s, 0.0, 1e12)) return false;
  if (window.remaining() > 0 && !within(window.first_due_s, 0.0, 1e11)) return false;
  return within(window.known_sum, -1e18, 1e18);
}

SettledValueLaw::SettledValueLaw(const PricingInputs& inputs) noexcept : inputs_(inputs) {
  ARBEES_ASSERT(are_valid(inputs));
  const SettlementWindow& window = inputs_.window;
  variance_s_ = arbees::effective_variance_s(window);
  const int m = window.remaining();
  // With nothing to come only missing prints are random; the "mean of what remains" is then the whole mean.
  const double divisor = m > 0 ? m : window.prints;
  const double missing_s = window.missing_variance_s / (divisor * divisor);
  const double relative_sd = inputs_.volatility / std::sqrt(kSecondsPerYear);
  const double rate = relative_sd * relative_sd;
  const double diffusive = inputs_.spot * inputs_.spot * rate * (variance_s_ + missing_s);
  const double nowcast = m > 0 ? inputs_.spot_sd * inputs_.spot_sd : 0.0;
  sd_ = std::sqrt(diffusive + nowcast);
  if (sd_ == 0.0) return;
  diffusive_share_ = diffusive / (diffusive + nowcast);
  if (inputs_.law.model != ReturnModel::Lognormal || m == 0) return;
  const LogVariance matched = moment_matched(window, rate);
  const double spot_share = inputs_.spot_sd / inputs_.spot;
  log_sd_ = std::sqrt(matched.variance + rate * missing_s + spot_share * spot_share);
  log_sd_vega_ = (matched.by_rate + missing_s) * rate / (inputs_.volatility * log_sd_);
}

double SettledValueLaw::standard_score(double level) const noexcept {
  if (is_known()) return 0.0;
  const SettlementWindow& window = inputs_.window;
  if (window.remaining() == 0) return (window.known_sum / window.prints - level) / sd_;
  return (inputs_.spot - required_mean(window, level)) / sd_;
}

SettledValueLaw::Tails SettledValueLaw::at(double level, Tie tie) const noexcept {
  if (is_known()) return known_tails(level, tie);
  if (log_sd_ > 0.0) return lognormal_tails(level);
  return arithmetic_tails(level);
}

SettledValueLaw::Tails SettledValueLaw::known_tails(double level, Tie tie) const noexcept {
  const SettlementWindow& window = inputs_.window;
  // Prints due this instant equal the spot.
  const double sum = window.known_sum + window.remaining() * inputs_.spot;
  const double excess = sum - window.prints * level;
  const bool reaches = tie == Tie::Wins ? excess >= -kKnownTolerance : excess > kKnownTolerance;
  return {reaches ? 0.0 : 1.0, reaches ? 1.0 : 0.0, 0.0, 0.0};
}

SettledValueLaw::Tails SettledValueLaw::arithmetic_tails(double level) const noexcept {
  const double z = standard_score(level);
  Tails tails;
  double density = 0.0;
  if (inputs_.law.model == ReturnModel::StudentT) {
    const StudentT law(inputs_.law.degrees_of_freedom);
    density = law.density(z);
    tails.above = law.cdf(z);
    tails.below = law.cdf(-z);
  } else {
    density = normal_density(z);
    tails.above = normal_cdf(z);
    tails.below = normal_cdf(-z);
  }
  tails.above = inside_certainty(tails.above);
  tails.below = inside_certainty(tails.below);
  tails.delta = inputs_.window.remaining() > 0 ? density / sd_ : 0.0;
  tails.vega = -density * z * diffusive_share_ / inputs_.volatility;
  return tails;
}

SettledValueLaw::Tails SettledValueLaw::lognormal_tails(double level) const noexcept {
  const double required = required_mean(inputs_.window, level);
  if (required <= 0.0) return {kCertainty, 1.0 - kCertainty, 0.0, 0.0};
  const double d2 = std::log(inputs_.spot / required) / log_sd_ - 0.5 * log_sd_;
  const double density = normal_density(d2);
  Tails tails;
  tails.above = inside_certainty(normal_cdf(d2));
  tails.below = inside_certainty(normal_cdf(-d2));
  tails.delta = density / (inputs_.spot * log_sd_);
  tails.vega = -density * (d2 + log_sd_) / log_sd_ * log_sd_vega_;
  return tails;
}

double turning_level(Comparator comparator, double strike, double rounding_unit) noexcept {
  if (rounding_unit <= 0.0) return strike;
  constexpr double kOnGrid = 1e-6;  // of a unit: decimal strikes are not exact in binary
  const double units = strike / rounding_unit;
  const double nearest = std::round(units);
  const bool on_grid = std::fabs(units - nearest) <= kOnGrid;
  // The first settled value that satisfies ≥ (or, negated, <); for > and ≤ it is the one after the strike.
  const bool beyond = comparator == Comparator::Greater || comparator == Comparator::LessOrEqual;
  double first = strike;
  if (!on_grid) {
    first = std::ceil(units) * rounding_unit;
  } else if (beyond) {
    first = strike + rounding_unit;
  }
  return first - 0.5 * rounding_unit;
}

DigitalValue threshold_value(const PricingInputs& inputs, Comparator comparator, double strike) noexcept {
  ARBEES_ASSERT(comparator != Comparator::Unknown);
  const bool beyond = comparator == Comparator::Greater || comparator == Comparator::LessOrEqual;
  const bool is_rounded = inputs.rounding_unit > 0.0;
  // With rounding the turning level itself rounds up, so it is reached by a tie.
  const auto tie = beyond && !is_rounded ? SettledValueLaw::Tie::Loses : SettledValueLaw::Tie::Wins;
  const SettledValueLaw law(inputs);
  const SettledValueLaw::Tails tails = law.at(turning_level(comparator, strike, inputs.rounding_unit), tie);
  const bool is_upper = comparator == Comparator::GreaterOrEqual || comparator == Comparator::Greater;
  if (is_upper) return {tails.above, tails.delta, tails.vega, law.effective_variance_s()};
  return {tails.below, -tails.delta, -tails.vega, law.effective_variance_s()};
}

DigitalValue range_value(const PricingInputs& inputs, double lower, double upper, bool includes_upper) noexcept {
  const bool is_rounded = inputs.rounding_unit > 0.0;
  const auto end = includes_upper ? Comparator::Greater : Comparator::GreaterOrEqual;
  const auto end_tie = includes_upper && !is_rounded ? SettledValueLaw::Tie::Loses : SettledValueLaw::Tie::Wins;
  const SettledValueLaw law(inputs);
  const auto low =
      law.at(turning_level(Comparator::GreaterOrEqual, lower, inputs.rounding_unit), SettledValueLaw::Tie::Wins);
  const auto high = law.at(turning_level(end, upper, inputs.rounding_unit), end_tie);
  // The difference is taken on the side where both are small.
  const double difference = low.above < 0.5 ? low.above - high.above : high.below - low.below;
  return {std::max(difference, 0.0), low.delta - high.delta, low.vega - high.vega, law.effective_variance_s()};
}

}  // namespace arbees
