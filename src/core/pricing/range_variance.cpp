#include "core/pricing/range_variance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/assert.h"

namespace arbees {
namespace {

double log_ratio(double above, double below) noexcept { return std::log(above / below); }

template <class Term>
double mean_over(std::span<const PriceBar> candles, Term term) noexcept {
  if (candles.empty()) return 0.0;
  double sum = 0.0;
  for (const PriceBar& candle : candles) sum += term(candle);
  return sum / static_cast<double>(candles.size());
}

// Sample variance (n − 1) of a quantity of each candle and of the close before it.
template <class Term>
double sample_variance(std::span<const PriceBar> candles, double previous_close, Term term) noexcept {
  if (candles.size() < 2) return 0.0;
  const auto n = static_cast<double>(candles.size());
  double sum = 0.0;
  double squares = 0.0;
  double before = previous_close;
  for (const PriceBar& candle : candles) {
    const double value = term(candle, before);
    sum += value;
    squares += value * value;
    before = candle.close;
  }
  return (squares - sum * sum / n) / (n - 1.0);
}

double rogers_satchell_term(const PriceBar& c) noexcept {
  return log_ratio(c.high, c.close) * log_ratio(c.high, c.open) + log_ratio(c.low, c.close) * log_ratio(c.low, c.open);
}

}  // namespace

bool is_valid(const PriceBar& candle) noexcept {
  return candle.low > 0.0 && candle.high >= std::max(candle.open, candle.close) &&
         candle.low <= std::min(candle.open, candle.close) && std::isfinite(candle.high);
}

double parkinson_variance(std::span<const PriceBar> candles) noexcept {
  return mean_over(candles, [](const PriceBar& c) {
    const double range = log_ratio(c.high, c.low);
    return range * range / (4.0 * std::numbers::ln2);
  });
}

double garman_klass_variance(std::span<const PriceBar> candles) noexcept {
  return mean_over(candles, [](const PriceBar& c) {
    const double range = log_ratio(c.high, c.low);
    const double body = log_ratio(c.close, c.open);
    return 0.5 * range * range - (2.0 * std::numbers::ln2 - 1.0) * body * body;
  });
}

double rogers_satchell_variance(std::span<const PriceBar> candles) noexcept {
  return mean_over(candles, rogers_satchell_term);
}

double close_variance(std::span<const PriceBar> candles, double previous_close) noexcept {
  double before = previous_close;
  return mean_over(candles, [&](const PriceBar& c) {
    const double r = log_ratio(c.close, before);
    before = c.close;
    return r * r;
  });
}

double close_sample_variance(std::span<const PriceBar> candles, double previous_close) noexcept {
  return sample_variance(candles, previous_close,
                         [](const PriceBar& c, double before) { return log_ratio(c.close, before); });
}

YangZhangVariance yang_zhang_variance(std::span<const PriceBar> candles, double previous_close) noexcept {
  ARBEES_ASSERT(candles.size() >= 2);
  const auto n = static_cast<double>(candles.size());
  YangZhangVariance result;
  result.opening = sample_variance(candles, previous_close,
                                   [](const PriceBar& c, double before) { return log_ratio(c.open, before); });
  result.intraday =
      sample_variance(candles, previous_close, [](const PriceBar& c, double) { return log_ratio(c.close, c.open); });
  result.weight = 0.34 / (1.34 + (n + 1.0) / (n - 1.0));
  result.total =
      result.opening + result.weight * result.intraday + (1.0 - result.weight) * rogers_satchell_variance(candles);
  return result;
}

}  // namespace arbees
