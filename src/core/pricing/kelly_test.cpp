#include "core/pricing/kelly.h"

#include <gtest/gtest.h>

#include <array>

#include "core/pricing/basis_risk.h"

namespace arbees {
namespace {

// Price plus the taker's fee 0.07·q·(1 − q), unrounded.
double all_in(double q) { return q + 0.07 * q * (1 - q); }

TEST(Kelly, BinaryBetsOnYesAndNo) {
  const double cost = all_in(0.52);
  EXPECT_NEAR(cost, 0.537472, 1e-12);
  const double f = kelly_fraction(0.56, cost);
  EXPECT_NEAR(f, 0.0487062404871, 1e-12);
  const double growth = kelly_growth(0.56, cost, f);
  EXPECT_NEAR(growth, 0.001023423891, 1e-12);
  EXPECT_NEAR(kelly_growth(0.56, cost, f / 2) / growth, 0.749281925435, 1e-9);
  EXPECT_NEAR(kelly_growth(0.56, cost, f / 4) / growth, 0.436729443836, 1e-9);
  EXPECT_NEAR(kelly_fraction(1 - 0.58, all_in(1 - 0.66)), 0.0997870530753, 1e-12);
  EXPECT_EQ(kelly_fraction(0.5, 0.5), 0);
  EXPECT_EQ(kelly_fraction(0.5, 1.5), 0);
}

TEST(Kelly, DoubtShrinksTheBet) {
  EXPECT_NEAR(kelly_shrinkage(0.022528, 0.03), 0.360573282826, 1e-12);
  EXPECT_NEAR(kelly_fraction(0.56, all_in(0.52)) * kelly_shrinkage(0.022528, 0.03), 0.0175621690266, 1e-12);
  EXPECT_EQ(kelly_shrinkage(-0.01, 0.03), 0);
}

TEST(Kelly, ExclusiveOutcomesShareOneReserve) {
  const std::array<double, 3> p = {0.50, 0.30, 0.20};
  const std::array<double, 3> c = {0.44, 0.29, 0.31};
  std::array<double, 3> stakes{};
  EXPECT_NEAR(exclusive_kelly(p, c, stakes), 0.740740740741, 1e-12);
  EXPECT_NEAR(stakes[0], 0.174074074074, 1e-12);
  EXPECT_NEAR(stakes[1], 0.0851851851852, 1e-12);
  EXPECT_EQ(stakes[2], 0);
}

TEST(BasisRisk, ChanceThatTwoSourcesDisagree) {
  EXPECT_NEAR(disagreement_probability({.basis_sd = 2, .move_mean = 0, .move_sd = 167}), 0.0038119122102, 1e-10);
  EXPECT_NEAR(disagreement_probability_small({.basis_sd = 2, .move_mean = 0, .move_sd = 167}), 0.00381209444531, 1e-13);
  EXPECT_NEAR(disagreement_probability({.basis_sd = 2, .move_mean = 0, .move_sd = 30}), 0.0211893046349, 1e-10);
  EXPECT_NEAR(disagreement_probability({.basis_sd = 2, .move_mean = 50, .move_sd = 30}), 0.00530531306337, 1e-10);
}

TEST(BasisRisk, APairIsWorthItsDisagreementsToo) {
  const double cost = 0.47 + 0.49 + 0.017437 + 0.017493;
  EXPECT_NEAR(cost, 0.99493, 1e-12);
  const auto expected = [](double good, double bad) { return (1198 - good - bad) / 1198 + 2 * good / 1198; };
  EXPECT_NEAR(expected(10, 2), 1.00667779633, 1e-11);
  EXPECT_NEAR(expected(2, 10) - cost, -0.00160779632721, 1e-12);
  const auto fraction = [&](double good, double bad) {
    return pair_kelly_fraction({bad / 1198, (1198 - good - bad) / 1198, good / 1198}, cost);
  };
  EXPECT_NEAR(fraction(10, 2), 0.826446718786, 1e-9);
  EXPECT_NEAR(fraction(6, 6), 0.417188825432, 1e-9);
  EXPECT_EQ(fraction(2, 10), 0);
}

}  // namespace
}  // namespace arbees
