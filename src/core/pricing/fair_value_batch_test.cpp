#include "core/pricing/fair_value_batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/random.h"
#include "core/pricing/edge_watch.h"

namespace arbees {
namespace {

constexpr double kSpot = 64000;

PricingInputs market(MoveLaw law, double spot = kSpot) {
  return {.spot = spot, .volatility = 0.5, .rounding_unit = 0.01, .window = average_before(900, 60, 1, 1), .law = law};
}

const MoveLaw kLaws[] = {{ReturnModel::Lognormal}, {ReturnModel::Arithmetic}, {ReturnModel::StudentT, 4.4}};

std::vector<Kernel> supported_kernels() {
  std::vector<Kernel> kernels;
  for (const Kernel kernel : {Kernel::Scalar, Kernel::Avx2, Kernel::Avx512}) {
    if (is_supported(kernel)) kernels.push_back(kernel);
  }
  return kernels;
}

// A ladder of thresholds and ranges around the spot, with quotes a little off the model's price.
struct Ladder {
  Ladder(MoveLaw law, std::uint64_t seed) : batch(law, kSpot, 100, 100), watch(200) {
    Random random(seed);
    const PricingInputs in = market(law);
    for (int i = 0; i < 100; ++i) {
      const double strike = kSpot - 500 + 10 * i;
      const auto comparator = i % 3 == 0 ? Comparator::Less : Comparator::GreaterOrEqual;
      add(batch.compile_threshold(in, comparator, strike), random);
      add(batch.compile_range(in, strike, strike + 99.99, true), random);
    }
  }
  void add(const CompiledContract& compiled, Random& random) {
    const double fair = exact_probability(batch.law(), compiled, 0);
    const double width = static_cast<double>(random.between(1, 300)) * 1e-4;
    const EdgeLevels levels{fair + width, fair - width};
    numbers.push_back(batch.add(compiled, levels));
    static_cast<void>(watch.add(compiled, levels));
  }

  FairValueBatch batch;
  EdgeWatch watch;
  std::vector<std::uint32_t> numbers;
};

TEST(FastLaw, PolynomialErrorOnADenseGrid) {
  const auto worst = [](const FastLaw& law) {
    double error = 0;
    const double reach = law.is_fat_tailed() ? law.reach() : 12.0;
    for (int i = 0; i <= 400'000; ++i) {
      const double z = reach * (2.0 * i / 400'000 - 1.0);
      error = std::max(error, std::fabs(law.fast_cdf(z) - law.cdf(z)));
    }
    return error;
  };
  EXPECT_LT(worst(FastLaw({ReturnModel::Lognormal})), 4e-8);
  EXPECT_LT(worst(FastLaw({ReturnModel::StudentT, 4.4})), 1e-7);
  EXPECT_LT(worst(FastLaw({ReturnModel::StudentT, 8})), 1e-7);
  const FastLaw fat({ReturnModel::StudentT, 2.5});
  EXPECT_LT(worst(fat), 1.1 * fat.fast_error()) << "where the fit is poor it says so";
}

TEST(FairValueBatch, ExactFormIsTheContractsPriceAtEverySpot) {
  for (const MoveLaw law : kLaws) {
    FairValueBatch batch(law, kSpot, 4, 4);
    const PricingInputs in = market(law);
    const auto above = batch.add(batch.compile_threshold(in, Comparator::GreaterOrEqual, 64100), {});
    const auto below = batch.add(batch.compile_threshold(in, Comparator::Less, 63950), {});
    const auto range = batch.add(batch.compile_range(in, 64000, 64099.99, true), {});
    for (double spot = 63500; spot <= 64500; spot += 12.5) {
      const PricingInputs moved = market(law, spot);
      const double x = batch.coordinate(spot);
      EXPECT_NEAR(batch.exact(above, x), threshold_value(moved, Comparator::GreaterOrEqual, 64100).probability, 1e-9);
      EXPECT_NEAR(batch.exact(below, x), threshold_value(moved, Comparator::Less, 63950).probability, 1e-9);
      EXPECT_NEAR(batch.exact(range, x), range_value(moved, 64000, 64099.99, true).probability, 1e-9);
    }
  }
}

TEST(FairValueBatch, EveryKernelStaysWithinTheTolerance) {
  for (const MoveLaw law : kLaws) {
    for (const Kernel kernel : supported_kernels()) {
      Ladder ladder(law, 3);
      ladder.batch.use_kernel(kernel);
      EXPECT_EQ(ladder.batch.tolerance(), 1e-7);
      std::vector<EdgeSignal> signals(200);
      double worst = 0;
      for (double spot = 63300; spot <= 64700; spot += 7) {
        static_cast<void>(ladder.batch.tick(spot, signals));
        for (const std::uint32_t number : ladder.numbers) {
          const double exact = ladder.batch.exact(number, ladder.batch.coordinate(spot));
          worst = std::max(worst, std::fabs(ladder.batch.probability(number) - exact));
        }
      }
      EXPECT_LT(worst, 1e-7) << "kernel " << static_cast<int>(kernel) << " law " << static_cast<int>(law.model);
    }
  }
}

TEST(FairValueBatch, KnownWindowsAreCertain) {
  FairValueBatch batch({ReturnModel::StudentT, 4.4}, kSpot, 2, 2);
  PricingInputs in = market({ReturnModel::StudentT, 4.4});
  in.window = {.prints = 60, .known_count = 60, .known_sum = 60 * 64010.0};
  const auto above = batch.add(batch.compile_threshold(in, Comparator::GreaterOrEqual, 64000), {0.5, 0.4});
  const auto range = batch.add(batch.compile_range(in, 64000, 64099.99, true), {0.5, 0.4});
  const auto other = batch.add(batch.compile_range(in, 64100, 64199.99, true), {0.5, 0.4});
  std::vector<EdgeSignal> signals(4);
  EXPECT_EQ(batch.tick(100, signals).size(), 3U);
  EXPECT_NEAR(batch.probability(above), 1, 1e-9);
  EXPECT_NEAR(batch.probability(range), 1, 1e-9);
  EXPECT_NEAR(batch.probability(other), 0, 1e-9);
}

// Decisions of every kernel and of the inverted form against pricing each contract by itself.
TEST(FairValueBatch, DecisionsAgreesWithModel) {
  for (const MoveLaw law : kLaws) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      Ladder ladder(law, seed);
      Random random(seed + 100);
      std::vector<EdgeSignal> signals(200);
      double spot = kSpot;
      std::size_t fired = 0;
      for (int step = 0; step < 300; ++step) {
        spot += static_cast<double>(random.between(-400, 400)) / 100;
        const double x = ladder.batch.coordinate(spot);
        std::vector<Edge> expected;
        for (const std::uint32_t number : ladder.numbers) {
          expected.push_back(ladder.batch.decide(number, ladder.batch.exact(number, x)));
        }
        for (const Kernel kernel : supported_kernels()) {
          ladder.batch.use_kernel(kernel);
          std::vector<Edge> seen(expected.size(), Edge::None);
          for (const EdgeSignal& signal : ladder.batch.tick(spot, signals)) {
            const auto at = std::find(ladder.numbers.begin(), ladder.numbers.end(), signal.contract);
            seen[static_cast<std::size_t>(at - ladder.numbers.begin())] = signal.edge;
            ++fired;
          }
          ASSERT_EQ(seen, expected) << "seed " << seed << " step " << step;
        }
        static_cast<void>(ladder.watch.tick(ladder.batch.law(), x));
        const auto edges = ladder.watch.edges();
        ASSERT_TRUE(std::equal(edges.begin(), edges.end(), expected.begin())) << "seed " << seed << " step " << step;
      }
      EXPECT_GT(fired, 100U);
    }
  }
}

TEST(EdgeWatch, ANewQuoteInvertsAgain) {
  const FastLaw law({ReturnModel::Lognormal});
  FairValueBatch batch({ReturnModel::Lognormal}, kSpot, 1, 0);
  const CompiledContract contract =
      batch.compile_threshold(market({ReturnModel::Lognormal}), Comparator::GreaterOrEqual, 64000);
  EdgeWatch watch(1);
  const auto number = watch.add(contract, {0.6, 0.4});
  EXPECT_TRUE(watch.tick(law, 0));
  EXPECT_EQ(watch.edges()[number], Edge::None);
  EXPECT_FALSE(watch.tick(law, 1e-7)) << "inside the interval nothing is looked at";
  watch.set(number, contract, {0.45, 0.4});
  EXPECT_TRUE(watch.tick(law, 0));
  EXPECT_EQ(watch.edges()[number], Edge::BuyYes);
}

TEST(EdgeWatch, IntervalEndsWhereTheEdgeFires) {
  const FastLaw law({ReturnModel::StudentT, 4.4});
  FairValueBatch batch({ReturnModel::StudentT, 4.4}, kSpot, 1, 1);
  const PricingInputs in = market({ReturnModel::StudentT, 4.4});
  for (const CompiledContract& contract :
       {batch.compile_threshold(in, Comparator::Less, 64010), batch.compile_range(in, 64050, 64149.99, true)}) {
    const double fair = exact_probability(law, contract, 0);
    const EdgeLevels levels{fair + 0.02, fair - 0.02};
    const DecisionInterval interval = decision_interval(law, contract, levels, 0);
    EXPECT_EQ(interval.edge, Edge::None);
    for (const double end : {interval.low, interval.high}) {
      const double p = exact_probability(law, contract, end);
      EXPECT_NEAR(std::fabs(p - fair), 0.02, 1e-8);
      EXPECT_EQ(edge_at(levels, p), Edge::None);
      EXPECT_NE(edge_at(levels, exact_probability(law, contract, end * (1 + 1e-6))), Edge::None);
    }
  }
}

}  // namespace
}  // namespace arbees
