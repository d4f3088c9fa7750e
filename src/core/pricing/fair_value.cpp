#include "core/pricing/fair_value.h"

#include <algorithm>
#include <cmath>

#include "core/base/assert.h"
#include "core/pricing/barrier.h"

namespace arbees {
namespace {

constexpr double kBand = 1.96;  // standard errors: 95 %
constexpr double kReach = 6.0;
constexpr double kLognormalFromS = 86400.0;
constexpr auto kNearClose = std::chrono::seconds(90);
constexpr auto kLargestClockError = std::chrono::milliseconds(200);

double as_double(SpotPrice price) noexcept {
  return static_cast<double>(price.units()) / static_cast<double>(SpotPrice::kScale);
}
double seconds(Duration span) noexcept { return static_cast<double>(span.count()) * 1e-9; }

double inside(double probability) noexcept { return std::clamp(probability, 1e-12, 1.0 - 1e-12); }

// Whether the terms can be priced at all, from the terms alone.
std::optional<PriceUnavailable> refuse_terms(const ContractTerms& terms) noexcept {
  switch (terms.payoff) {
    case Payoff::Threshold:
    case Payoff::UpDown:
      if (terms.comparator == Comparator::Unknown) return PriceUnavailable::UnknownTerms;
      break;
    case Payoff::Range:
      if (!terms.upper.is_positive() || terms.upper < terms.lower) return PriceUnavailable::UnknownTerms;
      break;
    case Payoff::Hit: break;
    case Payoff::Category: return PriceUnavailable::UnsupportedPayoff;
    case Payoff::Unknown: return PriceUnavailable::UnknownTerms;
  }
  if (terms.payoff == Payoff::UpDown && terms.has_lower == 0) return PriceUnavailable::UnknownStart;
  const bool has_strike = terms.has_lower != 0 && (terms.lower.is_positive() || terms.payoff == Payoff::Range);
  if (!has_strike) return PriceUnavailable::UnknownTerms;
  if (!averaging_rule(terms.source)) return PriceUnavailable::UnknownTerms;
  return std::nullopt;
}

std::optional<PriceUnavailable> refuse_spot(const SpotEstimate& spot, Duration left, Timestamp now,
                                            const FairValueSettings& settings, bool averaged) noexcept {
  if (!spot.value.is_positive() || spot.observed_at == kNoTime) return PriceUnavailable::NoSpot;
  const Duration limit =
      averaged && left < kNearClose ? std::min(settings.staleness_near_close, settings.staleness) : settings.staleness;
  if (now - spot.observed_at > limit) return PriceUnavailable::StaleSpot;
  if (spot.live_sources < settings.required_sources) return PriceUnavailable::TooFewSources;
  if (!(spot.disagreement <= settings.largest_disagreement)) return PriceUnavailable::SourcesDisagree;
  return std::nullopt;
}

double rounding_unit(const ContractTerms& terms) noexcept {
  constexpr std::uint8_t kNotRounded = 255;
  return terms.rounding_decimals == kNotRounded ? 0.0 : std::pow(10.0, -static_cast<double>(terms.rounding_decimals));
}

// The value of what pays exactly when the other does not.
DigitalValue complement(DigitalValue value) noexcept {
  value.probability = 1.0 - value.probability;
  value.delta = -value.delta;
  value.vega = -value.vega;
  return value;
}

DigitalValue payoff_value(const ContractTerms& terms, const PricingInputs& inputs) noexcept {
  const double lower = as_double(terms.lower);
  if (terms.payoff == Payoff::Range) {
    const DigitalValue range = range_value(inputs, lower, as_double(terms.upper), terms.includes_upper != 0);
    return terms.pays_outside == 0 ? range : complement(range);
  }
  if (terms.payoff != Payoff::Hit) return threshold_value(inputs, terms.comparator, lower);
  const double span_s = inputs.window.first_due_s;
  const auto touch = [&](double spot, double volatility) {
    return touch_probability({.spot = spot, .level = lower, .volatility = volatility, .seconds = span_s});
  };
  const double step = inputs.spot * 1e-6;
  const double bump = inputs.volatility * 1e-4;
  return {touch(inputs.spot, inputs.volatility),
          (touch(inputs.spot + step, inputs.volatility) - touch(inputs.spot - step, inputs.volatility)) / (2.0 * step),
          (touch(inputs.spot, inputs.volatility + bump) - touch(inputs.spot, inputs.volatility - bump)) / (2.0 * bump),
          span_s};
}

// Every level of the contract lies more than kReach deviations off, on one side, while several prints are to come.
bool is_beyond_reach(const ContractTerms& terms, const PricingInputs& inputs) noexcept {
  if (inputs.window.remaining() <= 1 || terms.payoff == Payoff::Hit) return false;
  const SettledValueLaw law(inputs);
  const double lower = law.standard_score(as_double(terms.lower));
  const double upper = terms.payoff == Payoff::Range ? law.standard_score(as_double(terms.upper)) : lower;
  return std::min(lower, upper) > kReach || std::max(lower, upper) < -kReach;
}

PricingInputs with_volatility(PricingInputs inputs, double factor) noexcept {
  inputs.volatility *= factor;
  return inputs;
}

// Probits to which the probability could be pushed by everything but volatility, in quadrature with volatility's.
double pushed(double probit, double by_volatility, double by_rest) noexcept {
  return std::sqrt((probit - by_volatility) * (probit - by_volatility) + by_rest * by_rest);
}

double confidence(double probability, double sd, double cost) noexcept {
  if (cost <= 0.0) return 1.0;
  if (cost >= 1.0) return 0.0;
  if (sd <= 0.0) return probability > cost ? 1.0 : (probability < cost ? 0.0 : 0.5);
  const double probit = normal_quantile(inside(probability));
  return normal_cdf((probit - normal_quantile(cost)) * normal_density(probit) / sd);
}

}  // namespace

std::string_view price_unavailable_name(PriceUnavailable reason) noexcept {
  constexpr std::string_view kNames[kPriceUnavailableCount] = {
      "unknown_terms",   "unknown_start",    "unsupported_payoff", "closed",      "no_spot",      "stale_spot",
      "too_few_sources", "sources_disagree", "no_volatility",      "clock_error", "beyond_reach", "invalid_input"};
  const auto index = static_cast<std::size_t>(reason);
  return index < kPriceUnavailableCount ? kNames[index] : "unknown";
}

FairValue value_with_band(const ContractTerms& terms, const PricingInputs& inputs,
                          double relative_volatility_error) noexcept {
  const DigitalValue bare = payoff_value(terms, inputs);
  FairValue value;
  value.probability = bare.probability;
  value.delta = bare.delta;
  value.vega = bare.vega;
  value.volatility = inputs.volatility;
  value.effective_variance_s = bare.effective_variance_s;
  value.sd_volatility = std::fabs(bare.vega) * relative_volatility_error * inputs.volatility;
  value.sd_spot = std::fabs(bare.delta) * inputs.spot_sd;
  // Half of what the choice between thin and fat tails changes.
  PricingInputs other = inputs;
  const bool is_fat = inputs.law.model == ReturnModel::StudentT;
  other.law = is_fat ? MoveLaw{ReturnModel::Arithmetic} : MoveLaw{ReturnModel::StudentT, 4.4};
  value.sd_model = 0.5 * std::fabs(payoff_value(terms, other).probability - bare.probability);
  value.sd = std::sqrt(value.sd_volatility * value.sd_volatility + value.sd_spot * value.sd_spot +
                       value.sd_model * value.sd_model);
  value.low = value.high = bare.probability;
  if (value.sd == 0.0) return value;

  const double widening = std::exp(kBand * relative_volatility_error);
  const double wide = payoff_value(terms, with_volatility(inputs, widening)).probability;
  const double narrow = payoff_value(terms, with_volatility(inputs, 1.0 / widening)).probability;
  const double probit = normal_quantile(inside(bare.probability));
  const double lower = normal_quantile(inside(std::min({wide, narrow, bare.probability})));
  const double upper = normal_quantile(inside(std::max({wide, narrow, bare.probability})));
  const double rest =
      kBand * std::sqrt(value.sd_spot * value.sd_spot + value.sd_model * value.sd_model) / normal_density(probit);
  value.low = normal_cdf(probit - pushed(probit, lower, rest));
  value.high = normal_cdf(probit + pushed(probit, upper, rest));
  return value;
}

Result<PreparedPrice, PriceUnavailable> prepare_price(const ContractTerms& terms, const FairValueInputs& inputs,
                                                      Timestamp now, const FairValueSettings& settings) noexcept {
  if (const auto refused = refuse_terms(terms)) return failure(*refused);
  const Duration left = terms.closes_at - now;
  if (left < Duration{0}) return failure(PriceUnavailable::Closed);
  const AveragingRule rule = *averaging_rule(terms.source);
  const bool averaged = rule.prints > 1;
  if (const auto refused = refuse_spot(inputs.spot, left, now, settings, averaged)) return failure(*refused);
  if (left < kNearClose && std::chrono::abs(inputs.clock_error) > kLargestClockError) {
    return failure(PriceUnavailable::ClockError);
  }
  if (inputs.volatility == nullptr) return failure(PriceUnavailable::NoVolatility);
  const auto forecast = inputs.volatility->forecast(now, terms.closes_at);
  if (!forecast) return failure(PriceUnavailable::NoVolatility);

  PreparedPrice prepared;
  prepared.relative_volatility_error = forecast->relative_error;
  PricingInputs& pricing = prepared.inputs;
  pricing.spot = as_double(inputs.spot.value);
  pricing.spot_sd = inputs.spot.sd;
  pricing.volatility = forecast->annual;
  pricing.rounding_unit = rounding_unit(terms);
  pricing.law = seconds(left) < kLognormalFromS ? settings.law : MoveLaw{ReturnModel::Lognormal};
  pricing.window = average_before(seconds(left), rule.prints, 1.0, rule.last_before_close_s);
  if (averaged && pricing.window.first_due_s <= 0.0) {
    // Inside the window the known prints decide; without them there is no price.
    if (inputs.prints == nullptr) return failure(PriceUnavailable::StaleSpot);
    const auto close_second = std::chrono::floor<std::chrono::seconds>(terms.closes_at).time_since_epoch().count();
    pricing.window = inputs.prints->window(rule, close_second, now);
    if (inputs.prints_are_proxies) {
      if (pricing.window.remaining() == 0) return failure(PriceUnavailable::StaleSpot);
      // An error that all prints share moves the average of all, not only what remains of it.
      pricing.spot_sd *= static_cast<double>(pricing.window.prints) / pricing.window.remaining();
    }
  }
  if (!are_valid(pricing)) return failure(PriceUnavailable::InvalidInput);
  if (is_beyond_reach(terms, pricing)) return failure(PriceUnavailable::BeyondReach);
  return prepared;
}

FairValueResult fair_value(const ContractTerms& terms, const FairValueInputs& inputs, Timestamp now,
                           const FairValueSettings& settings) noexcept {
  const auto prepared = prepare_price(terms, inputs, now, settings);
  if (!prepared) return failure(prepared.error());
  return value_with_band(terms, prepared->inputs, prepared->relative_volatility_error);
}

double confidence_above(const FairValue& value, double cost) noexcept {
  return confidence(value.probability, value.sd, cost);
}
double confidence_above_no(const FairValue& value, double cost) noexcept {
  return confidence(1.0 - value.probability, value.sd, cost);
}

}  // namespace arbees
