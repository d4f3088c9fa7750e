#include "core/pricing/model_judge.h"

#include <algorithm>
#include <cmath>

#include "core/market/fees.h"
#include "core/pricing/kelly.h"

namespace arbees {
namespace {

// CRYPTO_VOLATILITY_SCALING, as the predecessor documented it: 30 % less while volatility is over 1.5 times the usual.
constexpr double kUnusual = 1.5;
constexpr double kReduced = 0.7;

double as_double(Price price) noexcept { return static_cast<double>(price.units()) / Price::kScale; }

}  // namespace

ModelJudge::ModelJudge(const ModelOpinion& opinion, Outcome outcome, const ModelParameters& parameters,
                       std::int64_t min_edge_millionths, double volatility_ratio) noexcept
    : value_(*opinion.value), parameters_(parameters), min_edge_(static_cast<double>(min_edge_millionths) * 1e-6) {
  value_.probability = opinion.probability;
  if (outcome == Outcome::No) {
    value_.low = 1.0 - opinion.value->high;
    value_.high = 1.0 - opinion.value->low;
    value_.delta = -value_.delta;
    value_.vega = -value_.vega;
  }
  scale_ = static_cast<double>(parameters.kelly_millionths) * 1e-6;
  if (parameters.volatility_scaling && volatility_ratio > kUnusual) scale_ *= kReduced;
}

double ModelJudge::cost(Price price, const FeeSchedule& fees) const noexcept {
  const auto fee = fee_per_contract(fee_terms(fees, Role::Taker), price);
  if (!fee || !is_contract_price(price)) return 1.0;
  return as_double(price) + static_cast<double>(*fee) * 1e-12 + as_double(parameters_.slippage);
}

double ModelJudge::confidence(double all_in) const noexcept { return confidence_above(value_, all_in); }

std::int64_t ModelJudge::confidence_millionths(Price price, const FeeSchedule& fees) const noexcept {
  return static_cast<std::int64_t>(confidence(cost(price, fees)) * 1e6);
}

Verdict ModelJudge::judge(Price price, const FeeSchedule& fees) const noexcept {
  const double all_in = cost(price, fees);
  if (!(value_.probability >= all_in * (1.0 + min_edge_))) return Verdict::EdgeTooSmall;
  const bool is_sure = confidence(all_in) * 1e6 >= static_cast<double>(parameters_.min_confidence_millionths);
  return is_sure ? Verdict::Accepted : Verdict::LowConfidence;
}

Money ModelJudge::stake(Price price, const FeeSchedule& fees, Money bankroll) const noexcept {
  const double all_in = cost(price, fees);
  const double full = kelly_fraction(value_.probability, all_in);
  const double fraction = scale_ * full * kelly_shrinkage(value_.probability - all_in, value_.sd);
  const double units = fraction * static_cast<double>(std::max<std::int64_t>(bankroll.units(), 0));
  return Money::from_units(static_cast<std::int64_t>(units));
}

Money ModelJudge::expected(Quantity quantity) const noexcept {
  const double whole = static_cast<double>((kPriceOne * quantity).units());
  return Money::from_units(static_cast<std::int64_t>(std::floor(whole * std::clamp(value_.probability, 0.0, 1.0))));
}

}  // namespace arbees
