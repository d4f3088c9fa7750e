#include "core/pricing/volatility.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "core/base/random.h"
#include "core/pricing/digital.h"
#include "core/pricing/distributions.h"

namespace arbees {
namespace {

constexpr std::int64_t kStart = 1'772'323'200;  // a Sunday midnight (UTC)

class Path {
 public:
  explicit Path(std::uint64_t seed) : random_(seed) {}
  double gaussian() { return normal_quantile((static_cast<double>(random_.next() >> 11) + 0.5) * 0x1p-53); }
  // Moves the price by `span_s` seconds at this annual volatility.
  double step(double span_s, double annual) {
    return price_ *= std::exp(annual * std::sqrt(span_s / kSecondsPerYear) * gaussian());
  }
  double& price() { return price_; }

 private:
  Random random_;
  double price_ = 64000;
};

// Minute candles whose extremes do not matter here.
void add_minutes(Volatility& volatility, Path& path, std::int64_t& at_s, int count, double annual) {
  for (int i = 0; i < count; ++i) {
    const double open = path.price();
    const double close = path.step(60, annual);
    at_s += 60;
    volatility.add_candle(from_unix_s(at_s), 60, {open, std::max(open, close), std::min(open, close), close});
  }
}

std::unique_ptr<Volatility> make(VolatilitySettings settings = {}) { return std::make_unique<Volatility>(settings); }

double annual(const Volatility& volatility, std::int64_t now_s, double horizon_s = 900) {
  const auto forecast = volatility.forecast(
      from_unix_s(now_s), from_unix_ns(static_cast<std::int64_t>((static_cast<double>(now_s) + horizon_s) * 1e9)));
  return forecast ? forecast->annual : -1;
}

TEST(Volatility, RecoversTheVolatilityOfAPathFromCandles) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    Path path(seed);
    auto volatility = make();
    std::int64_t now = kStart;
    add_minutes(*volatility, path, now, 3 * 1440, 0.6);
    const auto forecast = volatility->forecast(from_unix_s(now), from_unix_s(now + 900));
    ASSERT_TRUE(forecast.has_value());
    EXPECT_NEAR(forecast->annual, 0.6, 3 * forecast->relative_error * 0.6) << "seed " << seed;
    EXPECT_LT(forecast->relative_error, 0.2);
  }
}

TEST(Volatility, RecoversTheVolatilityOfAPathFromNoisyTicks) {
  constexpr std::uint64_t kSeed = 5;
  Path path(kSeed);
  Random bounce(kSeed);
  auto volatility = make();
  // Two hours of ticks, four a second, with a bid-ask bounce of one part in a million.
  std::int64_t ns = kStart * 1'000'000'000;
  for (int i = 0; i < 2 * 3600 * 4; ++i) {
    ns += 250'000'000;
    const double seen = path.step(0.25, 0.4) * (1 + (bounce.chance(1, 2) ? 1e-6 : -1e-6));
    volatility->add_price(from_unix_ns(ns), seen);
  }
  EXPECT_NEAR(annual(*volatility, ns / 1'000'000'000), 0.4, 0.05) << "seed " << kSeed;
}

TEST(Volatility, UnavailableRatherThanConstantWhileDataAreFew) {
  Path path(9);
  auto volatility = make();
  std::int64_t now = kStart;
  EXPECT_FALSE(volatility->forecast(from_unix_s(now), from_unix_s(now + 900)).has_value());
  add_minutes(*volatility, path, now, 20, 0.5);
  EXPECT_FALSE(volatility->forecast(from_unix_s(now), from_unix_s(now + 900)).has_value());
  add_minutes(*volatility, path, now, 60, 0.5);
  EXPECT_TRUE(volatility->forecast(from_unix_s(now), from_unix_s(now + 900)).has_value());
}

TEST(Volatility, OneJumpMovesItLittle) {
  Path calm(4);
  Path jumped(4);
  auto without = make();
  auto with = make();
  std::int64_t now = kStart;
  std::int64_t same = kStart;
  add_minutes(*without, calm, now, 1440, 0.4);
  add_minutes(*with, jumped, same, 1439, 0.4);
  const double open = jumped.price();
  jumped.price() *= 1.02;  // about forty deviations of a minute
  with->add_candle(from_unix_s(same + 60), 60, {open, jumped.price(), open, jumped.price()});
  EXPECT_NEAR(annual(*with, now) / annual(*without, now), 1, 0.1);
}

TEST(Volatility, FollowsAChangeWithinTheHourAndForgetsItSlowly) {
  Path path(6);
  auto volatility = make();
  std::int64_t now = kStart;
  add_minutes(*volatility, path, now, 2 * 1440, 0.3);
  const double before = annual(*volatility, now);
  add_minutes(*volatility, path, now, 60, 1.2);
  EXPECT_GT(annual(*volatility, now), 2 * before);
  EXPECT_LT(annual(*volatility, now, 86400), annual(*volatility, now)) << "long horizons lean on long averages";
}

TEST(Volatility, WithoutTimeDecayEverySecondOfTheWindowCountsTheSame) {
  Path path(6);
  auto flat = make({.window_days = 7, .time_decay = false});
  std::int64_t now = kStart;
  add_minutes(*flat, path, now, 1440, 0.3);
  add_minutes(*flat, path, now, 1440, 0.9);
  add_minutes(*flat, path, now, 61, 0.3);
  const double mean = std::sqrt((0.09 + 0.81) / 2);
  // Over a whole week the seasonal pattern averages out.
  EXPECT_NEAR(annual(*flat, now, 7 * 86400), mean, 0.1);
}

TEST(Volatility, LearnsTheBusyHoursOfTheWeek) {
  Path path(8);
  auto volatility = make({.window_days = 30, .time_decay = true});
  std::int64_t now = kStart;
  for (int hour = 0; hour < 28 * 24; ++hour) add_minutes(*volatility, path, now, 60, hour % 24 == 14 ? 0.9 : 0.4);
  const std::int64_t midnight = now;
  const double busy = annual(*volatility, midnight + 14 * 3600, 3600);
  const double quiet = annual(*volatility, midnight + 4 * 3600, 3600);
  EXPECT_GT(busy / quiet, 1.4);
}

TEST(Volatility, AFeedThatWasDownLeavesTheLongAverages) {
  Path path(3);
  auto volatility = make();
  std::int64_t now = kStart;
  add_minutes(*volatility, path, now, 2880, 0.4);
  add_minutes(*volatility, path, now, 30, 1.5);
  const double excited = annual(*volatility, now);
  now += 4 * 3600;
  add_minutes(*volatility, path, now, 1, 0.4);
  EXPECT_LT(annual(*volatility, now), excited);
  EXPECT_GT(annual(*volatility, now), 0.3);
}

TEST(Volatility, BrokenAndRepeatedCandlesAreIgnored) {
  Path path(2);
  auto volatility = make();
  std::int64_t now = kStart;
  add_minutes(*volatility, path, now, 1440, 0.4);
  const double before = annual(*volatility, now);
  volatility->add_candle(from_unix_s(now), 60, {1, 2, 0.5, 1});
  volatility->add_candle(from_unix_s(now + 60), 60, {64000, 63000, 62000, 64000});
  volatility->add_price(from_unix_s(now + 60), std::nan(""));
  EXPECT_EQ(annual(*volatility, now), before);
}

TEST(Volatility, SeasonalFactorsWeighTheIntervalOfTheContract) {
  const double rate = 3.31262290298e-9 * (300 * 1.44 + 559.5027777778 * 0.81) / 859.5027777778;
  PricingInputs in{
      .spot = 64000, .volatility = std::sqrt(rate * kSecondsPerYear), .window = average_before(900, 60, 1, 1)};
  EXPECT_NEAR(threshold_value(in, Comparator::GreaterOrEqual, 64100).probability, 0.180763218514, 1e-9);
}

}  // namespace
}  // namespace arbees
