#include "core/pricing/settlement_window.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/pricing/barrier.h"
#include "core/pricing/jump_diffusion.h"
#include "core/pricing/up_down.h"

namespace arbees {
namespace {

TEST(SettlementWindow, EffectiveVarianceByPrintsToCome) {
  const int remaining[] = {1, 2, 5, 15, 25, 30, 45, 59, 60};
  const double expected[] = {0, 0.25, 1.2, 4.51111111, 7.84, 9.50555556, 14.5037037, 19.16949153, 19.50277778};
  for (int i = 0; i < 9; ++i) {
    const SettlementWindow window{.prints = 60, .spacing_s = 1, .known_count = 60 - remaining[i]};
    EXPECT_NEAR(effective_variance_s(window), expected[i], 5e-9);
  }
  EXPECT_EQ(effective_variance_s({.prints = 60, .known_count = 60}), 0);
}

TEST(SettlementWindow, VenuesDifferByOnePrint) {
  EXPECT_NEAR(effective_variance_s(average_before(900, 60, 1, 1)), 900 - 40.4972222222, 1e-9);  // Kalshi, [T−60, T)
  EXPECT_NEAR(effective_variance_s(average_before(900, 60, 1, 0)), 900 - 39.4972222222, 1e-9);  // Chainlink, (T−60, T]
}

TEST(SettlementWindow, RequiredMeanOfThePrintsToCome) {
  const SettlementWindow window{.prints = 60, .known_count = 35, .known_sum = 35 * 64012.34};
  EXPECT_NEAR(required_mean(window, 64000), 63982.724, 1e-9);
}

TEST(SettlementWindow, MissingPrintsAreBridgedBetweenTheirNeighbours) {
  EXPECT_DOUBLE_EQ(bridge_sum_variance_s(1, 2.0, 3.0), 2.0 * 3.0 / 5.0);
  // Two prints in a gap of three seconds: Var = 2/3 + 2/3 + 2·1/3.
  EXPECT_DOUBLE_EQ(bridge_sum_variance_s(2, 1, 1), 2.0);
}

TEST(UpDown, BeforeTheOpeningAverageItIsEven) {
  const UpDownValue value = up_down_before_start_is_known({.spot = 64000,
                                                           .volatility = 0.5,
                                                           .start = average_before(300, 60, 1, 1),
                                                           .end = average_before(1200, 60, 1, 1)});
  EXPECT_EQ(value.probability, 0.5);
  EXPECT_NEAR(value.variance_s, 900 - 19.9944444444, 1e-9);
}

TEST(UpDown, InsideTheOpeningAverageItsKnownPartPulls) {
  const UpDownValue value = up_down_before_start_is_known(
      {.spot = 64000,
       .volatility = 0.5,
       .start = {.prints = 60, .spacing_s = 1, .known_count = 40, .known_sum = 40 * 64010.0, .first_due_s = 0},
       .end = {.prints = 60, .spacing_s = 1, .first_due_s = 860}});
  EXPECT_NEAR(value.mean, -6.66666666667, 1e-9);
  EXPECT_NEAR(value.variance_s, 873.855555556, 1e-9);
  EXPECT_NEAR(value.probability, 0.484215205114, 1e-9);
}

TEST(Barrier, TouchFromBelowAndFromAbove) {
  const TouchInputs up{.spot = 64000, .level = 66000, .volatility = 0.5, .seconds = 8 * 3600};
  EXPECT_NEAR(touch_probability(up), 0.0410609679587, 1e-9);
  EXPECT_NEAR(touch_probability_driftless(up), 0.0416985045406, 1e-9);
  const TouchInputs down{.spot = 64000, .level = 62000, .volatility = 0.5, .seconds = 8 * 3600};
  EXPECT_NEAR(touch_probability(down), 0.0361945420155, 1e-9);
  EXPECT_NEAR(touch_probability_driftless(down), 0.0356252868195, 1e-9);
}

TEST(Barrier, TheLevelItselfIsTouchedAndNoTimeTouchesNothing) {
  EXPECT_EQ(touch_probability({.spot = 100, .level = 100, .volatility = 0.5, .seconds = 10}), 1);
  EXPECT_EQ(touch_probability({.spot = 100, .level = 101, .volatility = 0.5, .seconds = 0}), 0);
}

TEST(JumpDiffusion, JumpsFattenTheFarTailAndThinTheNearOne) {
  JumpDiffusionInputs in{
      .spot = 64000, .strike = 64250, .volatility = 0.5, .seconds = 900, .jumps_per_hour = 2, .jump_sd = 0.0015};
  EXPECT_NEAR(diffusive_volatility(in), 0.458889965024, 1e-9);
  EXPECT_NEAR(jump_diffusion_probability(in), 0.0709381941322, 1e-9);
  in.strike = 64600;
  EXPECT_NEAR(jump_diffusion_probability(in), 0.000440647041797, 1e-12);
  in.jumps_per_hour = 0;
  EXPECT_NEAR(jump_diffusion_probability(in), 0.000237214673613, 1e-12);
}

}  // namespace
}  // namespace arbees
