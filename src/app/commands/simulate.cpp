// arbees simulate: generated markets with faults in virtual time, seed by seed, every invariant checked.

#include <fmt/format.h>

#include <cstdio>

#include "adapters/telemetry/format.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/refusal.h"
#include "app/reporting/progress.h"
#include "app/reporting/simulate_run.h"
#include "app/stop_signal.h"

namespace arbees::app {
namespace {

constexpr std::uint64_t kMostSeeds = 1'000'000;

struct Options {
  std::uint64_t seeds = 20;
  std::uint64_t first_seed = 1;
  std::string faults = "all";
  bool json = false;
};

struct Totals {
  std::uint64_t seeds = 0;
  std::uint64_t events = 0;
  std::uint64_t opportunities = 0;
  std::uint64_t requests = 0;
  std::uint64_t fills = 0;
  std::uint64_t settled = 0;
  Money fees;
  Money pnl;
  std::array<std::uint64_t, kInjectedFaultCount> faults{};
  std::vector<SimulatedSeed> failed;

  void add(SimulatedSeed&& each) {
    ++seeds;
    const RunStatistics& run = each.statistics;
    events += run.events();
    opportunities += run.opportunities();
    requests += run.requests();
    fills += run.fills();
    settled += run.settled();
    fees += run.fees();
    pnl += run.total_pnl();
    for (std::size_t i = 0; i < kInjectedFaultCount; ++i) faults[i] += each.faults[i];
    if (!each.broken.empty()) failed.push_back(std::move(each));
  }
};

std::string repeat_command(const Options& options, std::uint64_t seed) {
  return fmt::format("arbees simulate --seeds 1 --first-seed {} --faults {}", seed, options.faults);
}

void print_json(const Options& options, const Totals& totals) {
  JsonWriter json;
  json.begin_object().field("seeds", totals.seeds).field("first_seed", options.first_seed);
  json.field("events", totals.events).field("opportunities", totals.opportunities);
  json.field("requests", totals.requests).field("fills", totals.fills).field("settled", totals.settled);
  json.field("fees", to_short_text(totals.fees)).field("pnl", to_short_text(totals.pnl));
  json.key("faults").begin_object();
  for (std::size_t i = 0; i < kInjectedFaultCount; ++i) {
    json.field(injected_fault_name(static_cast<InjectedFault>(i)), totals.faults[i]);
  }
  json.end_object().key("failed").begin_array();
  for (const SimulatedSeed& each : totals.failed) {
    json.begin_object().field("seed", each.seed).field("event", each.broken_at).field("violated", each.broken);
    json.field("command", repeat_command(options, each.seed)).end_object();
  }
  json.end_array().end_object();
  fmt::print("{}\n", json.take());
}

void print_text(const Totals& totals) {
  fmt::print("{} seeds: {} events, {} opportunities, {} requests, {} fills, {} positions settled\n", totals.seeds,
             totals.events, totals.opportunities, totals.requests, totals.fills, totals.settled);
  fmt::print("fees ${}, profit ${}; faults:", to_short_text(totals.fees), to_short_text(totals.pnl));
  for (std::size_t i = 0; i < kInjectedFaultCount; ++i) {
    fmt::print(" {} {}", totals.faults[i], injected_fault_name(static_cast<InjectedFault>(i)));
  }
  fmt::print("\n{}\n", totals.failed.empty() ? "every invariant held after every event"
                                             : fmt::format("{} seeds FAILED", totals.failed.size()));
}

Totals simulate_all(const Options& options, const FaultRates& rates) {
  const volatile bool& stop = install_stop_signal();
  Progress progress;
  progress.begin("seeds");
  Totals totals;
  for (std::uint64_t i = 0; i < options.seeds && !stop; ++i) {
    SimulatedSeed each = simulate_seed(options.first_seed + i, rates);
    if (!each.broken.empty()) {
      fmt::print(stderr, "seed {}, event {}: {}\nagain: {}\n", each.seed, each.broken_at, each.broken,
                 repeat_command(options, each.seed));
    }
    totals.add(std::move(each));
    progress.update(i + 1, options.seeds);
  }
  return totals;
}

int run(const Options& options) {
  if (options.seeds == 0 || options.seeds > kMostSeeds) {
    return refuse("simulate", kUsage, fmt::format("--seeds {} is outside 1 to {}", options.seeds, kMostSeeds),
                  options.json);
  }
  const auto rates = parse_fault_rates(options.faults);
  if (!rates) return refuse("simulate", kUsage, rates.error(), options.json);
  const Totals totals = simulate_all(options, *rates);
  if (options.json) {
    print_json(options, totals);
  } else {
    print_text(totals);
  }
  return totals.failed.empty() ? kDone : kFailed;
}

}  // namespace

void add_simulate_command(CommandLine& line) {
  Command& command = line.add("simulate", "The whole system on generated markets with faults; invariants checked");
  auto options = std::make_shared<Options>();
  command.option("--seeds", options->seeds, "How many markets, one seed each (default 20)");
  command.option("--first-seed", options->first_seed, "The first seed; the others follow it (default 1)");
  command.option("--faults", options->faults, "none, all (default), or a list such as drop,late=0.2");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return run(*options); });
}

}  // namespace arbees::app
