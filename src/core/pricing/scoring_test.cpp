#include "core/pricing/scoring.h"

#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <vector>

#include "core/base/random.h"

namespace arbees {
namespace {

constexpr std::array<double, 10> kP = {.05, .10, .20, .35, .40, .55, .60, .75, .90, .97};
constexpr std::array<std::uint8_t, 10> kY = {0, 0, 1, 0, 1, 0, 1, 1, 1, 1};

TEST(Scoring, BrierLogLossSkillAndSpiegelhalter) {
  const Scores s = scores(kP, kY);
  EXPECT_NEAR(s.brier, 0.16709, 1e-12);
  EXPECT_NEAR(s.log_loss, 0.484600048602, 1e-12);
  EXPECT_NEAR(s.log_loss_error, 0.158960502591, 1e-12);
  EXPECT_NEAR(s.skill, 0.303791666667, 1e-12);
  EXPECT_NEAR(s.spiegelhalter, 0.195805327646, 1e-12);
}

TEST(Scoring, MurphysTermsAddUpToBrier) {
  std::array<ReliabilityBin, 5> bins{};
  const Calibration c = calibration_equal_width(kP, kY, bins);
  EXPECT_NEAR(c.ece, 0.143, 1e-12);
  EXPECT_NEAR(c.mce, 0.325, 1e-12);
  EXPECT_NEAR(c.reliability, 0.033345, 1e-12);
  EXPECT_NEAR(c.resolution, 0.14, 1e-12);
  EXPECT_NEAR(c.uncertainty, 0.24, 1e-12);
  EXPECT_NEAR(c.within_variance, 0.003745, 1e-12);
  EXPECT_NEAR(c.within_covariance, -0.03, 1e-12);
  EXPECT_NEAR(c.reliability - c.resolution + c.uncertainty + c.within_variance - c.within_covariance, 0.16709, 1e-12);
  EXPECT_NEAR(bins[2].mean_p, 0.475, 1e-12);
  EXPECT_NEAR(bins[2].mean_y, 0.5, 1e-12);

  std::array<std::uint32_t, 10> order{};
  std::iota(order.begin(), order.end(), 0U);
  const Calibration equal = calibration_equal_count(kP, kY, order, bins);
  EXPECT_NEAR(
      equal.reliability - equal.resolution + equal.uncertainty + equal.within_variance - equal.within_covariance,
      0.16709, 1e-12);
  EXPECT_EQ(bins[0].count, 2);
}

TEST(Scoring, WilsonIntervals) {
  const auto expect = [](double hits, double count, double low, double high) {
    EXPECT_NEAR(wilson_interval(hits, count).low, low, 1e-11);
    EXPECT_NEAR(wilson_interval(hits, count).high, high, 1e-11);
  };
  expect(181, 200, 0.856398388352, 0.938336897283);
  expect(12, 1198, 0.00573915643918, 0.0174265103935);
  expect(11, 11, 0.741167033032, 1);
}

TEST(Scoring, ResamplingClosesIsWiderThanResamplingRows) {
  // Ten rows of each close share one outcome: a thousand rows are worth a hundred.
  Random random(3);
  std::vector<double> close_sums;
  std::vector<double> close_counts;
  std::vector<double> row_sums;
  for (int close = 0; close < 100; ++close) {
    const double outcome = random.chance(1, 2) ? 1 : 0;
    close_sums.push_back(10 * outcome);
    close_counts.push_back(10);
    for (int row = 0; row < 10; ++row) row_sums.push_back(outcome);
  }
  const std::vector<double> row_counts(row_sums.size(), 1);
  std::vector<double> room(2000);
  const Interval by_close = cluster_bootstrap(close_sums, close_counts, room, 1);
  const Interval by_row = cluster_bootstrap(row_sums, row_counts, room, 1);
  EXPECT_NEAR((by_close.high - by_close.low) / (by_row.high - by_row.low), 3.16, 0.4);
}

}  // namespace
}  // namespace arbees
