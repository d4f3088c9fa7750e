#include "core/pricing/volatility.h"

#include <algorithm>
#include <cmath>

#include "core/base/assert.h"
#include "core/pricing/realised_variance.h"
#include "core/pricing/settlement_window.h"

namespace arbees {
namespace {

// How much each half-life counts, for horizons of an hour and less and of a day and more; the last is the window's
// flat mean. Short: a public study of 15,005 out-of-sample hours (docs/pricing.md), scaled to sum to one.
using Weights = std::array<double, Volatility::kHalfLives + 1>;
constexpr Weights kShortHorizon = {0.25, 0.0, 0.41, 0.07, 0.27, 0.0};
constexpr Weights kLongHorizon = {0.0, 0.0, 0.10, 0.20, 0.40, 0.30};
constexpr double kShortHorizonS = 3600.0;
constexpr double kLongHorizonS = 86400.0;
constexpr double kEnoughSaturation = 0.25;
constexpr double kLeastReturnsInHalfLife = 10.0;  // a half-life of fewer returns measures single ones, not a rate
constexpr double kFloor = 0.25;
constexpr double kCap = 6.0;
// Variance of MedRV over that of RV, for independent normal returns (Andersen, Dobrev & Schaumburg 2012).
constexpr double kMedianEfficiency = 2.0 / 2.96;

Weights weights_at(double horizon_s) noexcept {
  const double place = std::log(std::clamp(horizon_s, kShortHorizonS, kLongHorizonS) / kShortHorizonS) /
                       std::log(kLongHorizonS / kShortHorizonS);
  Weights weights{};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = (1.0 - place) * kShortHorizon[i] + place * kLongHorizon[i];
  }
  return weights;
}

double seconds(Duration span) noexcept { return static_cast<double>(span.count()) * 1e-9; }

}  // namespace

Volatility::Volatility(VolatilitySettings settings) noexcept
    : settings_(settings),
      seasonality_(settings.window_days),
      averages_{EwmaRate(kHalfLifeS[0]), EwmaRate(kHalfLifeS[1]), EwmaRate(kHalfLifeS[2]), EwmaRate(kHalfLifeS[3]),
                EwmaRate(kHalfLifeS[4])} {
  ARBEES_ASSERT(settings.kurtosis > 1.0);
}

void Volatility::add_return(Series& series, Timestamp end, double span_s, double weight_s, double log_return) noexcept {
  const double scaled = std::fabs(log_return) / std::sqrt(span_s);
  // The median needs three returns; until then the plain square stands in.
  double robust_rate = scaled * scaled;
  if (series.count >= 2) {
    const double a = series.before_previous;
    const double b = series.previous;
    const double median = std::max(std::min(a, b), std::min(std::max(a, b), scaled));
    robust_rate = kMedianVarianceScale * median * median;
  }
  series.before_previous = series.previous;
  series.previous = scaled;
  ++series.count;

  const double gap_s = latest_ == kNoTime ? 0.0 : std::max(seconds(end - latest_) - weight_s, 0.0);
  const double deseasonalised = robust_rate * weight_s / seasonality_.factor(end);
  for (EwmaRate& average : averages_) {
    if (gap_s > 0.0) average.pass(gap_s);
    average.add(weight_s, deseasonalised);
  }
  seasonality_.add(end, weight_s, scaled * scaled * weight_s, robust_rate * weight_s);
  return_spacing_s_ = span_s;
  latest_ = std::max(latest_, end);
}

void Volatility::add_candle(Timestamp end, double span_s, const PriceBar& candle) noexcept {
  if (!is_valid(candle) || end <= latest_ || !(span_s > 0.0)) return;
  const bool follows = last_close_ > 0.0 && std::fabs(seconds(end - last_candle_end_) - span_s) < 0.5 * span_s;
  if (!follows) candle_series_ = {};
  const double before = follows ? last_close_ : candle.open;
  last_close_ = candle.close;
  last_candle_end_ = end;
  add_return(candle_series_, end, span_s, span_s, std::log(candle.close / before));
}

void Volatility::add_price(Timestamp at, double price) noexcept {
  if (!(price > 0.0) || !std::isfinite(price) || at < last_price_at_ || at < latest_) return;
  if (last_price_at_ != kNoTime && seconds(at - last_price_at_) > kLongestGapS) {
    sample_count_ = 0;
    tick_series_ = {};
    last_price_ = 0.0;
  }
  // Every slot boundary passed since the last price is sampled with that price (previous-tick sampling).
  constexpr auto kSlotNs = static_cast<std::int64_t>(kSampleS * 1e9);
  const std::int64_t slot = unix_ns(at) / kSlotNs;
  if (last_price_ > 0.0) {
    for (std::int64_t passed = unix_ns(last_price_at_) / kSlotNs + 1; passed <= slot; ++passed) {
      sample(from_unix_ns(passed * kSlotNs), last_price_);
    }
  }
  last_price_ = price;
  last_price_at_ = at;
}

void Volatility::sample(Timestamp at, double price) noexcept {
  ++slot_;
  const std::size_t place = static_cast<std::size_t>(slot_) % kInterleaved;
  const double log_price = std::log(price);
  if (sample_count_ >= static_cast<int>(kInterleaved)) {
    add_return(tick_series_[place], at, kSampleS * kInterleaved, kSampleS, log_price - samples_[place]);
  }
  samples_[place] = log_price;
  ++sample_count_;
}

VolatilityForecast Volatility::blend(double horizon_s) const noexcept {
  const Weights weights = weights_at(horizon_s);
  double carried = 0.0;  // weight of starved components, handed on
  double total = 0.0;
  double rate = 0.0;
  double inverse_returns = 0.0;  // Σ w²/n: the variance of the blend in units of one return's
  const auto use = [&](double weight, double component, double covered_s) {
    if (weight <= 0.0 || covered_s <= 0.0) return;
    rate += weight * component;
    total += weight;
    inverse_returns += weight * weight * return_spacing_s_ / covered_s;
  };
  for (std::size_t i = 0; i < kHalfLives; ++i) {
    const double weight = weights[i] + carried;
    const bool is_last = i + 1 == kHalfLives;
    const bool is_coarse = kHalfLifeS[i] < kLeastReturnsInHalfLife * return_spacing_s_;
    if ((is_coarse || averages_[i].saturation() < kEnoughSaturation) && !is_last) {
      carried = weight;
      continue;
    }
    carried = 0.0;
    // (Σw)²/Σw² of exponential weights: from the time covered at first to twice the weight in the end.
    const double q = 2.0 - std::min(averages_[i].saturation(), 1.0);
    use(weight, averages_[i].rate(), 2.0 * averages_[i].weight_s() / q);
  }
  use(weights[kHalfLives], seasonality_.flat_rate(), seasonality_.covered_s());
  if (total <= 0.0) return {};
  VolatilityForecast result;
  result.effective_returns = kMedianEfficiency * total * total / inverse_returns;
  const double day = averages_[kHalfLives - 1].rate();
  result.annual = std::sqrt(std::clamp(rate / total, kFloor * day, kCap * day) * kSecondsPerYear);
  return result;
}

double Volatility::usual() const noexcept {
  return std::sqrt(seasonality_.flat_rate() * seasonality_.jump_ratio() * kSecondsPerYear);
}

std::optional<VolatilityForecast> Volatility::forecast(Timestamp now, Timestamp until) const noexcept {
  VolatilityForecast result;
  if (settings_.time_decay || seasonality_.flat_rate() <= 0.0) {
    result = blend(std::max(seconds(until - now), 0.0));
  } else {
    result.annual = std::sqrt(seasonality_.flat_rate() * kSecondsPerYear);
    result.effective_returns = kMedianEfficiency * seasonality_.covered_s() / return_spacing_s_;
  }
  if (!(result.annual > 0.0) || result.effective_returns < kMinimumReturns) return std::nullopt;
  result.annual *= std::sqrt(seasonality_.jump_ratio() * seasonality_.mean_factor(now, until));
  result.relative_error = std::sqrt((settings_.kurtosis - 1.0) / (4.0 * result.effective_returns));
  return result;
}

}  // namespace arbees
