// Known answers computed with 30-digit arithmetic; ideas named after what they show.

#include "core/pricing/digital.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/random.h"

namespace arbees {
namespace {

constexpr double kTolerance = 1e-9;

PricingInputs inputs(ReturnModel model, SettlementWindow window) {
  PricingInputs in;
  in.spot = 64000;
  in.volatility = 0.5;
  in.window = window;
  in.law.model = model;
  return in;
}
PricingInputs lognormal(double seconds) { return inputs(ReturnModel::Lognormal, single_print(seconds)); }
PricingInputs arithmetic(double seconds) { return inputs(ReturnModel::Arithmetic, single_print(seconds)); }
// Kalshi's window: sixty prints stamped T−60 … T−1.
PricingInputs averaged(double seconds) { return inputs(ReturnModel::Arithmetic, average_before(seconds, 60, 1, 1)); }

double at_least(const PricingInputs& in, double strike) {
  return threshold_value(in, Comparator::GreaterOrEqual, strike).probability;
}

TEST(Digital, LognormalAndArithmeticPricesAndTheirSensitivities) {
  struct Row {
    double strike, seconds, lognormal, arithmetic, delta, vega;
  };
  const Row rows[] = {
      {64250, 900, 0.072020545717, 0.0718130939085, 0.000802779158319, 0.400241084922},
      {64000, 900, 0.499467195485, 0.5, 0.00233368238946, -0.00106560839701},
      {63800, 900, 0.879086456997, 0.878986616438, 0.00117643958389, -0.471849830741},
      {64250, 3600, 0.231944966094, 0.232325466412, 0.000892306880954, 0.443654525407},
      {65000, 86400, 0.272423500755, 0.275243538256, 0.00019828681754, 0.384815278387},
  };
  for (const Row& row : rows) {
    const DigitalValue value = threshold_value(lognormal(row.seconds), Comparator::GreaterOrEqual, row.strike);
    EXPECT_NEAR(value.probability, row.lognormal, kTolerance);
    EXPECT_NEAR(value.delta, row.delta, kTolerance);
    EXPECT_NEAR(value.vega, row.vega, kTolerance);
    EXPECT_NEAR(value.effective_variance_s, row.seconds, kTolerance);
    EXPECT_NEAR(at_least(arithmetic(row.seconds), row.strike), row.arithmetic, kTolerance);
  }
}

TEST(Digital, AveragingNarrowsTheMoveNearTheClose) {
  struct Row {
    double seconds, strike, averaged, ignored;
    double tolerance = kTolerance;
  };
  const Row rows[] = {
      {60, 64010, 0.34554394, 0.410384072},        {60, 64050, 0.0234669722, 0.128652158},
      {60, 64100, 3.53687285e-5, 0.0117388, 5e-8}, {61, 64010, 0.349168187, 0.411109284},
      {61, 64050, 0.0263216286, 0.130620652},      {120, 64010, 0.421985451, 0.436361737},
      {120, 64100, 0.0245243535, 0.0545777271},    {120, 64250, 4.31793e-7, 3.10085e-5},
      {300, 64050, 0.292982111, 0.306218771},      {900, 64100, 0.274723059, 0.279284634},
      {3600, 64250, 0.231060827, 0.232325466},
  };
  for (const Row& row : rows) {
    EXPECT_NEAR(at_least(averaged(row.seconds), row.strike), row.averaged, row.tolerance) << row.seconds;
    EXPECT_NEAR(at_least(arithmetic(row.seconds), row.strike), row.ignored, row.tolerance) << row.seconds;
  }
}

TEST(Digital, OneNaiveStandardDeviationAtTheWindowsStartIsTwelveCentsApart) {
  const double sd = 64000 * 0.5 * std::sqrt(60 / kSecondsPerYear);
  const double gap = at_least(arithmetic(60), 64000 + sd) - at_least(averaged(60), 64000 + sd);
  EXPECT_NEAR(gap, 0.119, 0.0005);
}

TEST(Digital, LognormalAverageMatchesTheFirstTwoMoments) {
  const PricingInputs in = inputs(ReturnModel::Lognormal, average_before(900, 60, 1, 1));
  EXPECT_NEAR(at_least(in, 64010), 0.475616089899, kTolerance);
  EXPECT_NEAR(at_least(in, 64250), 0.0674747462917, kTolerance);
  EXPECT_NEAR(threshold_value(in, Comparator::GreaterOrEqual, 64250).effective_variance_s, 859.5027777778, 1e-6);
}

TEST(Digital, InsideTheWindowTheKnownPrintsDominate) {
  PricingInputs in = inputs(ReturnModel::Arithmetic, {});
  in.spot = 63990;
  in.window = {.prints = 60, .spacing_s = 1, .known_count = 35, .known_sum = 35 * 64012.34, .first_due_s = 0.4};
  struct Row {
    double strike, plain, with_nowcast_error, with_rounding;
  };
  for (const Row& row : {Row{64000, 0.671799497678, 0.670609884549, 0.672064591202},
                         Row{64005, 0.386349330798, 0.387166856212, 0.386630118288},
                         Row{63995, 0.880725613324, 0.878980720644, 0.880871700162}}) {
    EXPECT_NEAR(at_least(in, row.strike), row.plain, kTolerance);
    PricingInputs uncertain = in;
    uncertain.spot_sd = 2;
    EXPECT_NEAR(at_least(uncertain, row.strike), row.with_nowcast_error, kTolerance);
    PricingInputs rounded = in;
    rounded.rounding_unit = 0.01;
    EXPECT_NEAR(at_least(rounded, row.strike), row.with_rounding, kTolerance);
  }
  EXPECT_NEAR(threshold_value(in, Comparator::GreaterOrEqual, 64000).effective_variance_s, 8.24, kTolerance);
}

TEST(Digital, UpDownAfterTheOpenIsAThresholdAtTheStartValue) {
  const double start = 64020.15;
  EXPECT_NEAR(at_least(averaged(900), start), 0.451997618336, kTolerance);
  PricingInputs in = averaged(300);
  in.spot = 64080;
  EXPECT_NEAR(at_least(in, start), 0.742536249746, kTolerance);
  in = averaged(65);
  in.spot = 64080;
  EXPECT_NEAR(at_least(in, start), 0.982962256384, kTolerance);
}

TEST(Digital, RangesWithBothEndsIncludedInCents) {
  PricingInputs in = averaged(900);
  EXPECT_NEAR(range_value(in, 64000, 64099.99, true).probability, 0.225256976888, kTolerance);
  EXPECT_NEAR(range_value(in, 64100, 64199.99, true).probability, 0.159093315237, kTolerance);
  in.rounding_unit = 0.01;
  EXPECT_NEAR(at_least(in, 64000), 0.500011940149, kTolerance);
  EXPECT_NEAR(at_least(in, 64200), 0.115623912276, kTolerance);
  EXPECT_NEAR(range_value(in, 64000, 64099.99, true).probability, 0.225278898985, kTolerance);
  EXPECT_NEAR(range_value(in, 64100, 64199.99, true).probability, 0.159109128888, kTolerance);
  // Half-open at the next bucket's first cent is the same contract.
  EXPECT_NEAR(range_value(in, 64000, 64100, false).probability, 0.225278898985, kTolerance);
}

TEST(Digital, StudentTOfTheArithmeticMove) {
  PricingInputs in = averaged(900);
  in.volatility = std::sqrt(3.218e-9 * kSecondsPerYear);
  EXPECT_NEAR(at_least(in, 64250), 0.00941737470561, kTolerance);
  in.law = {ReturnModel::StudentT, 4.4};
  EXPECT_NEAR(at_least(in, 64250), 0.0146654828952, kTolerance);
}

TEST(Digital, TheOneHundredFiftyTwoDayStrikeIsNoLotteryTicket) {
  PricingInputs in = lognormal(152 * 86400.0);
  in.spot = 84000;
  EXPECT_NEAR(at_least(in, 100000), 0.241, 0.0005);
  in.window = single_print(900);
  EXPECT_NEAR(at_least(in, 84100), 0.328, 0.0005);
}

TEST(Digital, PricesAreNeverReversedOrSpreadOverTheWrongUnitOfTime) {
  PricingInputs in = lognormal(86400);
  in.spot = 50;
  EXPECT_LT(at_least(in, 100), 1e-9);
  in.spot = 150;
  EXPECT_GT(at_least(in, 100), 1 - 1e-9);
  in = lognormal(7 * 86400.0);
  in.spot = 80000;
  EXPECT_NEAR(at_least(in, 100000), 0.0006, 0.0001);
  in = lognormal(30 * 86400.0);
  in.volatility = 0.8;
  in.spot = 99999;
  EXPECT_NEAR(at_least(in, 100000), 0.454, 0.001);
  in.spot = 100001;
  EXPECT_NEAR(at_least(in, 100000), 0.454, 0.001);
}

TEST(Digital, ComparatorsAreComplementsAndTiesMatterOnlyWhenAllIsKnown) {
  const PricingInputs open = averaged(900);
  const auto price = [](const PricingInputs& in, Comparator comparator, double strike) {
    return threshold_value(in, comparator, strike).probability;
  };
  EXPECT_DOUBLE_EQ(price(open, Comparator::GreaterOrEqual, 64100) + price(open, Comparator::Less, 64100), 1.0);
  EXPECT_DOUBLE_EQ(price(open, Comparator::Greater, 64100) + price(open, Comparator::LessOrEqual, 64100), 1.0);
  EXPECT_DOUBLE_EQ(price(open, Comparator::Greater, 64100), price(open, Comparator::GreaterOrEqual, 64100));

  PricingInputs known = open;
  known.window = {.prints = 60, .known_count = 60, .known_sum = 60 * 64100.0};
  EXPECT_EQ(price(known, Comparator::GreaterOrEqual, 64100), 1.0);
  EXPECT_EQ(price(known, Comparator::Greater, 64100), 0.0);
  EXPECT_EQ(price(known, Comparator::LessOrEqual, 64100), 1.0);
  EXPECT_EQ(price(known, Comparator::Less, 64100), 0.0);
  EXPECT_EQ(range_value(known, 64000, 64100, true).probability, 1.0);
  EXPECT_EQ(range_value(known, 64000, 64100, false).probability, 0.0);
}

TEST(Digital, RoundingMovesStrictStrikesToTheNextCent) {
  PricingInputs known = averaged(900);
  known.rounding_unit = 0.01;
  // Mean 64099.995 rounds half-up to 64100.00, which is above X.99.
  known.window = {.prints = 60, .known_count = 60, .known_sum = 60 * 64099.995};
  EXPECT_EQ(threshold_value(known, Comparator::Greater, 64099.99).probability, 1.0);
  EXPECT_EQ(threshold_value(known, Comparator::LessOrEqual, 64099.99).probability, 0.0);
  known.window.known_sum -= 0.01;
  EXPECT_EQ(threshold_value(known, Comparator::Greater, 64099.99).probability, 0.0);
  EXPECT_EQ(threshold_value(known, Comparator::LessOrEqual, 64099.99).probability, 1.0);
  EXPECT_DOUBLE_EQ(turning_level(Comparator::Greater, 64099.99, 0.01), 64099.995);
  EXPECT_DOUBLE_EQ(turning_level(Comparator::GreaterOrEqual, 64099.993, 0.01), 64099.995);
}

TEST(Digital, APrintDueNowIsTheSpot) {
  PricingInputs in = arithmetic(0);
  EXPECT_EQ(at_least(in, 64000), 1.0);
  EXPECT_EQ(at_least(in, 64000.01), 0.0);
  EXPECT_EQ(threshold_value(in, Comparator::Greater, 64000).probability, 0.0);
}

TEST(Digital, MissingPrintsLeaveUncertaintyBehind) {
  PricingInputs in = averaged(0);
  in.window = {.prints = 60, .known_count = 60, .known_sum = 60 * 64000.0};
  EXPECT_EQ(at_least(in, 64000.1), 0.0);
  in.window.missing_variance_s = bridge_sum_variance_s(3, 1, 1);
  const double sd = 64000 * 0.5 * std::sqrt(in.window.missing_variance_s / kSecondsPerYear) / 60;
  EXPECT_NEAR(at_least(in, 64000.1), normal_cdf(-0.1 / sd), kTolerance);
}

TEST(Digital, FarOutIsNeverCertainWhileSomethingIsOpen) {
  EXPECT_EQ(at_least(averaged(900), 70000), 1e-12);
  EXPECT_EQ(at_least(averaged(900), 60000), 1 - 1e-12);
}

TEST(Digital, ALadderSumsToOneAgreesWithModel) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    Random random(seed);
    PricingInputs in = averaged(static_cast<double>(random.between(60, 4000)));
    in.rounding_unit = 0.01;
    in.spot = static_cast<double>(random.between(6'300'000, 6'500'000)) / 100;
    in.volatility = static_cast<double>(random.between(10, 150)) / 100;
    if (seed % 2 == 0) in.law = {ReturnModel::StudentT, 4.4};
    double sum = threshold_value(in, Comparator::Less, 63000).probability;
    double previous = 1;
    for (int strike = 63000; strike < 65000; strike += 100) {
      sum += range_value(in, strike, strike + 99.99, true).probability;
      EXPECT_LE(at_least(in, strike), previous) << "seed " << seed;
      previous = at_least(in, strike);
    }
    sum += at_least(in, 65000);
    EXPECT_NEAR(sum, 1.0, 1e-12) << "seed " << seed;
  }
}

// The mean of the remaining prints on simulated Brownian paths, against the closed form.
TEST(Digital, AveragingAgreesWithModel) {
  constexpr std::uint64_t kSeed = 20260814;
  constexpr int kPaths = 40'000;
  const double first_due = 0.4;
  const double per_second = 63990 * 0.5 / std::sqrt(kSecondsPerYear);
  Random random(kSeed);
  const auto uniform = [&] { return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53; };
  const auto gaussian = [&] { return normal_quantile(uniform()); };
  int wins = 0;
  for (int path = 0; path < kPaths; ++path) {
    double price = 63990 + per_second * std::sqrt(first_due) * gaussian();
    double sum = 35 * 64012.34;
    for (int i = 0; i < 25; ++i) {
      sum += price;
      price += per_second * gaussian();
    }
    wins += sum / 60 >= 64000 ? 1 : 0;
  }
  PricingInputs in = arithmetic(0);
  in.spot = 63990;
  in.window = {.prints = 60, .spacing_s = 1, .known_count = 35, .known_sum = 35 * 64012.34, .first_due_s = first_due};
  const double price = at_least(in, 64000);
  const double standard_error = std::sqrt(price * (1 - price) / kPaths);
  EXPECT_NEAR(static_cast<double>(wins) / kPaths, price, 3 * standard_error) << "seed " << kSeed;
}

TEST(Digital, SensitivitiesAreTheSlopesOfThePrice) {
  for (const ReturnModel model : {ReturnModel::Lognormal, ReturnModel::Arithmetic, ReturnModel::StudentT}) {
    PricingInputs in = inputs(model, average_before(600, 60, 1, 1));
    in.law.degrees_of_freedom = 4.4;
    in.spot_sd = 20;
    const auto bumped = [&](double volatility) {
      PricingInputs other = in;
      other.volatility += volatility;
      return at_least(other, 64120);
    };
    const DigitalValue value = threshold_value(in, Comparator::GreaterOrEqual, 64120);
    EXPECT_NEAR(value.vega, (bumped(1e-5) - bumped(-1e-5)) / 2e-5, 1e-7);
    // The dollar deviation is held: raising the spot is lowering the strike.
    const double slope = (at_least(in, 64120 - 1e-3) - at_least(in, 64120 + 1e-3)) / 2e-3;
    EXPECT_NEAR(value.delta, slope, model == ReturnModel::Lognormal ? 1e-5 : 1e-9);
  }
}

TEST(Digital, ImpossibleInputsAreRefused) {
  EXPECT_TRUE(are_valid(averaged(900)));
  const auto refused = [](auto change) {
    PricingInputs in = averaged(900);
    change(in);
    return !are_valid(in);
  };
  EXPECT_TRUE(refused([](PricingInputs& in) { in.spot = 0; }));
  EXPECT_TRUE(refused([](PricingInputs& in) { in.spot = std::nan(""); }));
  EXPECT_TRUE(refused([](PricingInputs& in) { in.volatility = 0; }));
  EXPECT_TRUE(refused([](PricingInputs& in) { in.spot_sd = -1; }));
  EXPECT_TRUE(refused([](PricingInputs& in) { in.window.first_due_s = -1; }));
  EXPECT_TRUE(refused([](PricingInputs& in) { in.window.known_count = 61; }));
  EXPECT_TRUE(refused([](PricingInputs& in) { in.law = {ReturnModel::StudentT, 2}; }));
}

}  // namespace
}  // namespace arbees
