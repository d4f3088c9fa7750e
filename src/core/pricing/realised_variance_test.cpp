#include "core/pricing/realised_variance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/random.h"
#include "core/pricing/distributions.h"
#include "core/pricing/ewma.h"
#include "core/pricing/range_variance.h"
#include "core/pricing/settlement_window.h"

namespace arbees {
namespace {

double annual(double per_second) { return std::sqrt(per_second * kSecondsPerYear); }

std::vector<double> log_returns(const std::vector<double>& prices) {
  std::vector<double> returns;
  for (std::size_t i = 1; i < prices.size(); ++i) returns.push_back(std::log(prices[i] / prices[i - 1]));
  return returns;
}

const std::vector<double> kMids = {64000.00, 64008.50, 64003.25, 64012.00, 64010.75, 63998.00, 64001.50,
                                   64015.25, 64022.00, 64018.75, 64030.50, 64027.00, 64035.25};

const std::vector<PriceBar> kCandles = {
    {64000.00, 64031.50, 63988.00, 64020.25}, {64020.25, 64044.00, 64011.75, 64015.00},
    {64014.50, 64022.25, 63970.00, 63981.50}, {63982.00, 64003.00, 63975.25, 63999.75},
    {63999.75, 64060.00, 63996.50, 64052.00}, {64051.00, 64071.75, 64038.25, 64044.50},
    {64044.50, 64049.00, 64001.00, 64010.25}, {64011.00, 64029.50, 64005.75, 64024.00}};
constexpr double kPreviousClose = 63990.00;

TEST(RealisedVariance, FiveSecondMids) {
  const std::vector<double> r = log_returns(kMids);
  constexpr double kTolerance = 1e-17;
  EXPECT_NEAR(realised_variance(r), 1.99216526457e-7, kTolerance);
  EXPECT_NEAR(annual(realised_variance(r) / 60), 0.323586474232, 1e-9);
  EXPECT_NEAR(autocovariance_corrected_variance(r), 1.35669030089e-7, kTolerance);
  EXPECT_NEAR(bipower_variance(r), 1.81128891056e-7, kTolerance);
  EXPECT_NEAR(median_realised_variance(r), 2.36180032272e-7, kTolerance);
  EXPECT_NEAR(realised_quarticity(r), 2.38716787727e-14, 1e-23);
  EXPECT_NEAR(std::sqrt(2 * realised_quarticity(r) / 12), 6.30762485313e-8, kTolerance);
  const TwoScaleVariance two = two_scale_variance(r, 3);
  EXPECT_NEAR(two.subsampled, 1.39139856153e-7, kTolerance);
  EXPECT_NEAR(two.plain, 8.38019321374e-8, kTolerance);
  EXPECT_NEAR(two.adjusted, 1.16033444498e-7, kTolerance);
}

TEST(RealisedVariance, RangeEstimatorsOfMinuteCandles) {
  constexpr double kTolerance = 1e-17;
  EXPECT_NEAR(close_variance(kCandles, kPreviousClose), 1.99675836478e-7, kTolerance);
  EXPECT_NEAR(close_sample_variance(kCandles, kPreviousClose), 2.2316229796e-7, kTolerance);
  EXPECT_NEAR(parkinson_variance(kCandles), 1.5901123826e-7, kTolerance);
  EXPECT_NEAR(garman_klass_variance(kCandles), 1.50261245479e-7, kTolerance);
  EXPECT_NEAR(rogers_satchell_variance(kCandles), 1.40311884462e-7, kTolerance);
  const YangZhangVariance yang_zhang = yang_zhang_variance(kCandles, kPreviousClose);
  EXPECT_NEAR(yang_zhang.opening, 3.14555518655e-9, kTolerance);
  EXPECT_NEAR(yang_zhang.intraday, 2.05051502868e-7, kTolerance);
  EXPECT_NEAR(yang_zhang.weight, 0.129488574538, 1e-12);
  EXPECT_NEAR(yang_zhang.total, 1.51840480552e-7, kTolerance);
  EXPECT_NEAR(annual(yang_zhang.total / 60), 0.282501958539, 1e-9);
}

TEST(RealisedVariance, EwmaOfIrregularReturnsIsUnbiasedFromTheStart) {
  EwmaRate ewma(600);
  double before = kPreviousClose;
  for (const PriceBar& candle : kCandles) {
    const double r = std::log(candle.close / before);
    before = candle.close;
    ewma.add(60, r * r);
  }
  EXPECT_NEAR(ewma.sum(), 1.26332714778e-6, 1e-16);
  EXPECT_NEAR(ewma.weight_s(), 381.367630661, 1e-8);
  EXPECT_NEAR(ewma.rate(), 3.31262290298e-9, 1e-19);
  EXPECT_NEAR(annual(ewma.rate()), 0.323213359669, 1e-9);
  ewma.pass(1200);
  EXPECT_NEAR(ewma.rate(), 3.31262290298e-9, 1e-19) << "time without data changes the weight, not the rate";
  EXPECT_NEAR(ewma.weight_s(), 381.367630661 / 4, 1e-8);
}

TEST(RealisedVariance, LossOfAForecast) { EXPECT_NEAR(qlike_loss(3.6e-9, 3.0e-9), 0.017678443206, 1e-12); }

TEST(RealisedVariance, BrokenCandlesAreRecognised) {
  EXPECT_TRUE(is_valid({10, 11, 9, 10}));
  EXPECT_FALSE(is_valid({10, 10.5, 9, 11}));
  EXPECT_FALSE(is_valid({10, 11, 9.5, 9}));
  EXPECT_FALSE(is_valid({0, 0, 0, 0}));
  EXPECT_FALSE(is_valid({10, std::nan(""), 9, 10}));
}

// A path with bid-ask bounce and one jump: which estimator sees what.
TEST(RealisedVariance, NoiseAndJumpsAreToldApartAgreesWithModel) {
  constexpr std::uint64_t kSeed = 11;
  constexpr int kCount = 20'000;
  constexpr double kSd = 1e-4;
  Random random(kSeed);
  const auto gaussian = [&] { return normal_quantile((static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53); };
  std::vector<double> clean;
  for (int i = 0; i < kCount; ++i) clean.push_back(kSd * gaussian());
  const double truth = kCount * kSd * kSd;
  std::vector<double> jumped = clean;
  jumped[500] += 200 * kSd;
  EXPECT_GT(realised_variance(jumped), 2.5 * truth) << "seed " << kSeed;
  EXPECT_NEAR(bipower_variance(jumped) / truth, 1, 0.07) << "seed " << kSeed;
  EXPECT_NEAR(min_realised_variance(jumped) / truth, 1, 0.07) << "seed " << kSeed;
  EXPECT_NEAR(median_realised_variance(jumped) / truth, 1, 0.07) << "seed " << kSeed;

  std::vector<double> noisy = clean;
  double before = 0;
  for (double& r : noisy) {
    const double bounce = kSd * gaussian();
    r += bounce - before;
    before = bounce;
  }
  EXPECT_GT(realised_variance(noisy), 2.5 * truth) << "seed " << kSeed;
  EXPECT_NEAR(autocovariance_corrected_variance(noisy) / truth, 1, 0.1) << "seed " << kSeed;
  EXPECT_NEAR(two_scale_variance(noisy, 20).adjusted / truth, 1, 0.15) << "seed " << kSeed;
}

}  // namespace
}  // namespace arbees
