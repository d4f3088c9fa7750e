#pragma once
// Volatility measured from live prices and candles: seasonal, robust to jumps and noise, never a constant.
//
// Sources: candles (warm-up; one return a minute) and ticks (mids sampled every five seconds; twelve interleaved
// series of one-minute returns: shorter ones read low on smoothed feeds and high on noisy ones). Each return adds its
// square to the total variance and the squared median of it and its two predecessors (MedRV) to the robust variance.
// Robust variance, divided by the hour's seasonal factor, feeds EWMAs of five half-lives and the flat mean of the
// window.
//
// A forecast blends those by horizon, restores the jumps' long-run share, and multiplies by the seasonal factor of
// the interval asked for. A component starved of data hands its weight to the next longer one. The result is kept
// within 0.25 … 6 times the one-day average. With fewer than kMinimumReturns effective returns there is no forecast.
//
// Time decay (CRYPTO_MODEL_TIME_DECAY): on, recent data count more (the blend); off, every second of the window of
// CRYPTO_MODEL_VOLATILITY_WINDOW_DAYS counts the same.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/time.h"
#include "core/pricing/ewma.h"
#include "core/pricing/range_variance.h"
#include "core/pricing/seasonality.h"

namespace arbees {

struct VolatilitySettings {
  int window_days = 30;  // 1 … Seasonality::kMaximumDays
  bool time_decay = true;
  double kurtosis = 6.0;  // of returns, for the standard error; a normal one is 3
};

struct VolatilityForecast {
  double annual = 0.0;
  double relative_error = 0.0;     // standard error of `annual`, as a fraction of it
  double effective_returns = 0.0;  // how many independent returns of equal weight the measurement is worth
};

class Volatility {
 public:
  static constexpr double kMinimumReturns = 30.0;
  static constexpr std::size_t kHalfLives = 5;
  static constexpr std::array<double, kHalfLives> kHalfLifeS = {600.0, 1800.0, 7200.0, 21600.0, 86400.0};

  explicit Volatility(VolatilitySettings settings) noexcept;

  // A finished candle of `span_s` seconds that ends at `end`. Broken candles, and those that do not come after
  // everything added before, are ignored; a missing candle breaks the series and is no zero return.
  void add_candle(Timestamp end, double span_s, const PriceBar& candle) noexcept;

  // A mid price. Sampled on the clock of the times given; after a pause of more than kLongestGapS sampling restarts.
  void add_price(Timestamp at, double price) noexcept;

  // The end of the newest data; kNoTime before any.
  [[nodiscard]] Timestamp latest() const noexcept { return latest_; }
  // Annual, of the window's flat mean, jumps included; 0 before any data.
  [[nodiscard]] double usual() const noexcept;

  // Of the interval [now, until]. Nothing while there are too few data.
  [[nodiscard]] std::optional<VolatilityForecast> forecast(Timestamp now, Timestamp until) const noexcept;

 private:
  static constexpr double kSampleS = 5.0;
  static constexpr std::size_t kInterleaved = 12;
  static constexpr double kLongestGapS = 15.0;

  // Absolute returns per √second of one series: what the median needs.
  struct Series {
    double previous = 0.0;
    double before_previous = 0.0;
    int count = 0;
  };

  void add_return(Series& series, Timestamp end, double span_s, double weight_s, double log_return) noexcept;
  void sample(Timestamp at, double price) noexcept;
  [[nodiscard]] VolatilityForecast blend(double horizon_s) const noexcept;

  VolatilitySettings settings_;
  Seasonality seasonality_;
  std::array<EwmaRate, kHalfLives> averages_;
  double return_spacing_s_ = 60.0;  // seconds of new data a return brings, of the latest kind of data
  Timestamp latest_ = kNoTime;      // end of the newest data
  Series candle_series_;
  double last_close_ = 0.0;
  Timestamp last_candle_end_ = kNoTime;
  std::array<Series, kInterleaved> tick_series_{};
  std::array<double, kInterleaved> samples_{};  // the log prices of the last samples, by slot modulo
  std::int64_t slot_ = 0;                       // number of the five-second slot of the last sample
  int sample_count_ = 0;
  double last_price_ = 0.0;
  Timestamp last_price_at_ = kNoTime;
};

}  // namespace arbees
