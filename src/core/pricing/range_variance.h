#pragma once
// Variance per candle from open, high, low and close.
//
// Range estimators read low where few trades happen (the extremes are missed); scale them to realised variance
// over a day before using them there. A candle with high < max(open, close) or low > min(open, close) is no candle
// (`is_valid`); callers drop it. Sources: Parkinson 1980, Garman & Klass 1980, Rogers & Satchell 1991,
// Yang & Zhang 2000.

#include <span>

namespace arbees {

struct PriceBar {
  double open = 0.0;
  double high = 0.0;
  double low = 0.0;
  double close = 0.0;
};

[[nodiscard]] bool is_valid(const PriceBar& candle) noexcept;

[[nodiscard]] double parkinson_variance(std::span<const PriceBar> candles) noexcept;
[[nodiscard]] double garman_klass_variance(std::span<const PriceBar> candles) noexcept;
[[nodiscard]] double rogers_satchell_variance(std::span<const PriceBar> candles) noexcept;

// Mean of squared close-to-close returns, and their sample variance.
[[nodiscard]] double close_variance(std::span<const PriceBar> candles, double previous_close) noexcept;
[[nodiscard]] double close_sample_variance(std::span<const PriceBar> candles, double previous_close) noexcept;

struct YangZhangVariance {
  double opening = 0.0;   // sample variance of ln(open/previous close)
  double intraday = 0.0;  // of ln(close/open)
  double weight = 0.0;
  double total = 0.0;
};
// At least two candles.
[[nodiscard]] YangZhangVariance yang_zhang_variance(std::span<const PriceBar> candles, double previous_close) noexcept;

}  // namespace arbees
