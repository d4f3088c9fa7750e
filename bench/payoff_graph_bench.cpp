// The payoff graph under load: one quote change (detection), and certificate with size when there is a profit.
//
// An event group on two venues: thresholds and ranges on a Kalshi axis, thresholds on a Polymarket axis,
// bound to each other; five price levels of each outcome. Each quote change moves one outcome of one
// contract by a tick or two around its fair price; some of them open a riskless profit. Times are taken
// one by one, so that percentiles can be told; the figures include the clock (about 25 ns).

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "core/arbitrage/payoff_graph.h"
#include "core/base/random.h"

namespace arbees {
namespace {

constexpr std::size_t kLevels = 5;
constexpr std::int64_t kSpacing = 100;

FeeTerms taker_fees(FeeModel model) {
  FeeTerms terms;
  terms.model = model;
  terms.rate = {7, 2};
  return terms;
}

class BusyMarket {
 public:
  // `edge`: how far below fair plus fee asks may come, in price units; the larger, the more profit there is.
  BusyMarket(std::size_t contracts, std::int64_t edge)
      : graph_({.contracts = contracts, .axes = 2, .levels = kLevels, .lot = Quantity::whole(1)}), edge_(edge) {
    const auto strikes = static_cast<std::int64_t>(contracts / 4);
    for (std::int64_t i = 0; i < strikes; ++i) {
      const std::int64_t strike = i * kSpacing;
      add(0, {at_least(strike), kPlusInfinity}, survival(strike, strikes));
      add(0, {at_least(strike), at_least(strike + kSpacing)},
          survival(strike, strikes) - survival(strike + kSpacing, strikes));
      add(1, {at_least(strike + 40), kPlusInfinity}, survival(strike + 40, strikes));
      add(1, {at_least(strike + 70), kPlusInfinity}, survival(strike + 70, strikes));
    }
    graph_.set_basis_bound(0, 1, Coordinate{15});
    for (ContractIndex c = 0; c < graph_.contract_count(); ++c) {
      change_quote(c, Outcome::Yes, 400);
      change_quote(c, Outcome::No, 400);
    }
  }

  PayoffGraph& graph() { return graph_; }

  // New asks of one outcome, prepared outside the time that is measured.
  void prepare() {
    contract_ = static_cast<ContractIndex>(random_.below(graph_.contract_count()));
    outcome_ = random_.chance(1, 2) ? Outcome::Yes : Outcome::No;
    fill_asks(contract_, outcome_, -edge_);
  }
  bool apply() { return graph_.set_quotes(contract_, outcome_, {asks_, kLevels}); }
  void repair() { change_quote(contract_, outcome_, 400); }

 private:
  static double survival(std::int64_t strike, std::int64_t strikes) {
    const double middle = static_cast<double>(strikes * kSpacing) / 2;
    return 1 / (1 + std::exp((static_cast<double>(strike) - middle) / (middle / 4)));
  }
  void add(std::uint8_t axis, Interval interval, double fair) {
    GraphContract contract;
    contract.instrument = InstrumentId{graph_.contract_count() + 1};
    contract.axis.serial = axis;
    contract.interval = interval;
    contract.fees = taker_fees(axis == 0 ? FeeModel::KalshiQuadratic : FeeModel::PolymarketCurve);
    if (graph_.add_contract(contract)) fair_.push_back(fair);
  }
  void fill_asks(ContractIndex contract, Outcome outcome, std::int64_t least) {
    const double fair = outcome == Outcome::Yes ? fair_[contract] : 1 - fair_[contract];
    const auto cents_up = static_cast<std::int64_t>(std::ceil(fair * 100));
    const std::int64_t best = cents_up * 100 + random_.between(least, 400) / 100 * 100;
    for (std::size_t i = 0; i < kLevels; ++i) {
      const std::int64_t price = std::clamp<std::int64_t>(best + 100 * static_cast<std::int64_t>(i), 100, 10'000);
      asks_[i] = {Price::from_units(price), Quantity::whole(random_.between(10, 300))};
    }
  }
  void change_quote(ContractIndex contract, Outcome outcome, std::int64_t least) {
    fill_asks(contract, outcome, least);
    graph_.set_quotes(contract, outcome, {asks_, kLevels});
  }

  PayoffGraph graph_;
  Random random_{1};
  std::int64_t edge_;
  std::vector<double> fair_;
  QuoteLevel asks_[kLevels];
  ContractIndex contract_ = 0;
  Outcome outcome_ = Outcome::Yes;
};

using Clock = std::chrono::steady_clock;

class Percentiles {
 public:
  void add(Clock::duration time) {
    times_ns_.push_back(static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(time).count()));
  }
  void report(benchmark::State& state) {
    if (times_ns_.empty()) return;
    std::sort(times_ns_.begin(), times_ns_.end());
    state.counters["n"] = static_cast<double>(times_ns_.size());
    state.counters["p50_us"] = at(0.5);
    state.counters["p99_us"] = at(0.99);
    state.counters["max_us"] = times_ns_.back() / 1e3;
  }

 private:
  [[nodiscard]] double at(double share) const {
    return times_ns_[static_cast<std::size_t>(share * static_cast<double>(times_ns_.size() - 1))] / 1e3;
  }
  std::vector<double> times_ns_;
};

// One quote change: store five levels, detect.
void detect(benchmark::State& state) {
  BusyMarket market(static_cast<std::size_t>(state.range(0)), state.range(1));
  Percentiles percentiles;
  std::size_t profitable = 0;
  for (auto _ : state) {
    market.prepare();
    const auto start = Clock::now();
    const bool found = market.apply();
    percentiles.add(Clock::now() - start);
    if (found) {
      ++profitable;
      market.repair();
    }
  }
  percentiles.report(state);
  state.counters["profitable"] = static_cast<double>(profitable);
}
BENCHMARK(detect)->ArgNames({"contracts", "edge"})->ArgsProduct({{200, 500, 1000, 2000}, {0, 300}})->Iterations(20'000);

// Size, exact fees and the check over all states, when there is a profit.
void certify(benchmark::State& state) {
  BusyMarket market(static_cast<std::size_t>(state.range(0)), state.range(1));
  Percentiles percentiles;
  std::size_t legs = 0;
  std::size_t certified = 0;
  for (auto _ : state) {
    do market.prepare();
    while (!market.apply());
    const auto start = Clock::now();
    const Certificate* certificate = market.graph().find();
    percentiles.add(Clock::now() - start);
    if (certificate != nullptr) {
      ++certified;
      legs += certificate->legs.size();
    }
    market.repair();
  }
  percentiles.report(state);
  state.counters["certified"] = static_cast<double>(certified);
  state.counters["legs"] = static_cast<double>(legs) / static_cast<double>(std::max<std::size_t>(1, certified));
}
BENCHMARK(certify)->ArgNames({"contracts", "edge"})->ArgsProduct({{200, 500, 1000, 2000}, {300}})->Iterations(1000);

void cheapest_dollar(benchmark::State& state) {
  BusyMarket market(static_cast<std::size_t>(state.range(0)), 0);
  Percentiles percentiles;
  for (auto _ : state) {
    market.prepare();
    market.apply();
    const auto start = Clock::now();
    benchmark::DoNotOptimize(market.graph().cheapest_dollar());
    percentiles.add(Clock::now() - start);
  }
  percentiles.report(state);
}
BENCHMARK(cheapest_dollar)->ArgName("contracts")->Arg(200)->Arg(2000)->Iterations(1000);

}  // namespace
}  // namespace arbees
