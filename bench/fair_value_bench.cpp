// 200 fair values with edge test after a spot tick: a naive loop over library functions, the vector kernels, and
// inverted detection, measured in turns within one run in processor time of the thread; `times_faster` is the ratio of
// the fastest passes of both in that run (of the medians: `median_times_faster`), which other jobs disturb least.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <vector>

#include "core/base/random.h"
#include "core/pricing/edge_watch.h"
#include "core/pricing/fair_value_batch.h"

namespace arbees {
namespace {

constexpr std::size_t kContracts = 200;
constexpr std::size_t kTicks = 512;
constexpr double kSpot = 64000;
constexpr double kVolatility = 0.5;
constexpr double kSeconds = 900;
constexpr double kMargin = 0.07;

struct Quote {
  double strike = 0.0;
  EdgeLevels levels;
};

struct Market {
  Market() {
    Random random(42);
    for (std::size_t i = 0; i < kContracts; ++i) {
      const double strike = kSpot - 500 + 5.0 * static_cast<double>(i);
      const double v = kVolatility * std::sqrt(kSeconds / kSecondsPerYear);
      const double fair = normal_cdf(std::log(kSpot / strike) / v - 0.5 * v);
      quotes.push_back({strike, {fair + kMargin, fair - kMargin}});  // a quiet market: edges fire rarely
    }
    double spot = kSpot;
    for (std::size_t i = 0; i < kTicks; ++i) {
      spot += static_cast<double>(random.between(-100, 100)) / 100;
      spots.push_back(spot);
    }
  }
  std::vector<Quote> quotes;
  std::vector<double> spots;
};

const Market& market() {
  static const Market instance;
  return instance;
}

// What a straightforward program does on each tick.
int naive_tick(double spot) {
  int fired = 0;
  for (const Quote& quote : market().quotes) {
    const double v = kVolatility * std::sqrt(kSeconds / kSecondsPerYear);
    benchmark::DoNotOptimize(v);
    const double d2 = (std::log(spot / quote.strike) - 0.5 * v * v) / v;
    const double p = 0.5 * std::erfc(-d2 * 0.70710678118654752440);
    fired += (p >= quote.levels.buy_yes_from || p <= quote.levels.buy_no_to) ? 1 : 0;
  }
  return fired;
}

double processor_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <class Tick>
double ns_per_tick(Tick tick) {
  const double start = processor_ns();
  for (const double spot : market().spots) benchmark::DoNotOptimize(tick(spot));
  return (processor_ns() - start) / static_cast<double>(kTicks);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Alternates naive and candidate, so that both see the same state of the machine.
template <class Tick>
void compare(benchmark::State& state, Tick tick) {
  std::vector<double> naive;
  std::vector<double> candidate;
  for (auto _ : state) {
    naive.push_back(ns_per_tick(naive_tick));
    candidate.push_back(ns_per_tick(tick));
  }
  const double fastest_naive = *std::min_element(naive.begin(), naive.end());
  const double fastest = *std::min_element(candidate.begin(), candidate.end());
  state.counters["naive_ns"] = fastest_naive;
  state.counters["ns"] = fastest;
  state.counters["times_faster"] = fastest_naive / fastest;
  state.counters["median_times_faster"] = median(naive) / median(candidate);
}

FairValueBatch make_batch(MoveLaw law) {
  FairValueBatch batch(law, kSpot, kContracts, 0);
  const PricingInputs inputs{.spot = kSpot, .volatility = kVolatility, .window = single_print(kSeconds), .law = law};
  for (const Quote& quote : market().quotes) {
    const CompiledContract contract = batch.compile_threshold(inputs, Comparator::GreaterOrEqual, quote.strike);
    const double fair = exact_probability(batch.law(), contract, 0.0);
    static_cast<void>(batch.add(contract, {fair + kMargin, fair - kMargin}));
  }
  return batch;
}

void kernel(benchmark::State& state, MoveLaw law, Kernel chosen) {
  if (!is_supported(chosen)) {
    state.SkipWithError("this processor does not have it");
    return;
  }
  FairValueBatch batch = make_batch(law);
  batch.use_kernel(chosen);
  std::vector<EdgeSignal> signals(kContracts);
  compare(state, [&](double spot) { return batch.tick(spot, signals).size(); });
}

void inverted(benchmark::State& state, MoveLaw law) {
  const FairValueBatch batch = make_batch(law);
  EdgeWatch watch(kContracts);
  for (std::uint32_t i = 0; i < kContracts; ++i) static_cast<void>(watch.add(batch.compiled(i), batch.levels(i)));
  watch.refresh_all(batch.law(), 0.0);
  compare(state, [&](double spot) { return watch.tick(batch.law(), batch.coordinate(spot)); });
}

void refresh(benchmark::State& state, MoveLaw law) {
  const FairValueBatch batch = make_batch(law);
  EdgeWatch watch(kContracts);
  for (std::uint32_t i = 0; i < kContracts; ++i) static_cast<void>(watch.add(batch.compiled(i), batch.levels(i)));
  for (auto _ : state) watch.refresh_all(batch.law(), 0.0);
}

const MoveLaw kLognormal{ReturnModel::Lognormal};
const MoveLaw kStudent{ReturnModel::StudentT, 4.4};

BENCHMARK_CAPTURE(kernel, lognormal_scalar, kLognormal, Kernel::Scalar);
BENCHMARK_CAPTURE(kernel, lognormal_avx2, kLognormal, Kernel::Avx2);
BENCHMARK_CAPTURE(kernel, lognormal_avx512, kLognormal, Kernel::Avx512);
BENCHMARK_CAPTURE(kernel, student_t_avx2, kStudent, Kernel::Avx2);
BENCHMARK_CAPTURE(kernel, student_t_avx512, kStudent, Kernel::Avx512);
BENCHMARK_CAPTURE(inverted, lognormal, kLognormal);
BENCHMARK_CAPTURE(inverted, student_t, kStudent);
BENCHMARK_CAPTURE(refresh, lognormal, kLognormal);
BENCHMARK_CAPTURE(refresh, student_t, kStudent);

}  // namespace
}  // namespace arbees
