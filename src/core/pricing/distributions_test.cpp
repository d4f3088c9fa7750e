#include "core/pricing/distributions.h"

#include <gtest/gtest.h>

#include <cmath>

namespace arbees {
namespace {

TEST(Distributions, UpperTailsOfEveryLaw) {
  const double z[] = {0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5};
  const double normal[] = {0.308537539,   0.158655254,   0.0668072013,  0.0227501319,
                           0.00620966533, 0.00134989803, 0.000232629079};
  const double mixture[] = {0.272658873,  0.129707536,   0.0589228983, 0.0267039922,
                            0.0122991958, 0.00579922179, 0.00280601244};
  for (int i = 0; i < 7; ++i) {
    EXPECT_NEAR(normal_cdf(-z[i]), normal[i], 1e-9);
    EXPECT_NEAR(volatility_mixture_cdf(-z[i], 0.4), mixture[i], 1e-9);
  }
  struct Row {
    double degrees, tail[7];
  };
  const Row rows[] = {
      {4, {0.259259259, 0.115099821, 0.0505957536, 0.0237103278, 0.0120550553, 0.00661779978, 0.00388130134}},
      {4.4, {0.266169565, 0.120554889, 0.0528449794, 0.0242303131, 0.0119301254, 0.00631575476, 0.00356908029}},
      {4.7, {0.270198842, 0.123828304, 0.0541755117, 0.0244826563, 0.0117919484, 0.00608582239, 0.00334940778}},
      {5, {0.273527164, 0.126584998, 0.0552833454, 0.0246565438, 0.0116354187, 0.0058624055, 0.00314583021}},
      {8, {0.289792, 0.14076846, 0.0607514594, 0.0248677816, 0.0101500468, 0.00425813169, 0.00186410795}},
  };
  for (const Row& row : rows) {
    const StudentT law(row.degrees);
    for (int i = 0; i < 7; ++i) EXPECT_NEAR(law.cdf(-z[i]), row.tail[i], 1e-9) << row.degrees << " " << z[i];
  }
}

TEST(Distributions, StudentTAndNormalTailsCrossInsideTwoDeviations) {
  const StudentT law(4.4);
  EXPECT_NEAR(law.cdf(-1.92474978628), normal_cdf(-1.92474978628), 1e-11);
  EXPECT_LT(law.cdf(-1.9), normal_cdf(-1.9));
  EXPECT_GT(law.cdf(-1.95), normal_cdf(-1.95));
}

TEST(Distributions, QuantilesInvertTheirCumulativeFunctions) {
  const StudentT law(4.4);
  for (const double p : {1e-12, 1e-6, 0.001, 0.02, 0.3, 0.5, 0.77, 0.999, 1 - 1e-9}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)) / p, 1, 1e-12) << p;
    EXPECT_NEAR(law.cdf(law.quantile(p)) / p, 1, 1e-11) << p;
  }
}

TEST(Distributions, StudentTDensityIsTheSlopeOfItsCumulativeFunctionAndHasVarianceOne) {
  const StudentT law(5);
  double variance = 0;
  for (double z = -400; z < 400; z += 0.01) variance += z * z * law.density(z) * 0.01;
  EXPECT_NEAR(variance, 1, 1e-3);
  for (const double z : {-3.0, -0.5, 0.0, 1.0, 4.0}) {
    EXPECT_NEAR(law.density(z), (law.cdf(z + 1e-5) - law.cdf(z - 1e-5)) / 2e-5, 1e-9);
  }
}

}  // namespace
}  // namespace arbees
