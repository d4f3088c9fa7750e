// arbees bench: the speed of this machine and build, without recordings.

#include <cstdio>

#include "app/benching/bench_report.h"
#include "app/benching/live_speed.h"
#include "app/cli.h"
#include "app/command.h"

namespace arbees::app {
namespace {

struct BenchOptions {
  double seconds = 2.0;
  bool json = false;
  bool live = false;
  bool tls = false;
  std::uint64_t rate = 5000;
  std::uint64_t contracts = 2000;
};

int run_live(const BenchOptions& options) {
  if (options.rate > 100'000 || options.contracts < 4 || options.contracts > 8000) {
    std::fputs("arbees bench: --rate is at most 100000, --contracts is within 4..8000\n", stderr);
    return kUsage;
  }
  LoadPlan plan;
  plan.contracts = options.contracts / 4 * 4;
  plan.rate = options.rate;
  plan.tls = options.tls;
  const auto speed = measure_live(plan, options.seconds);
  if (!speed) {
    std::fprintf(stderr, "arbees bench: %s\n", speed.error().c_str());
    return kFailed;
  }
  std::printf("%s%s", (options.json ? speed->to_json() : speed->to_text()).c_str(), options.json ? "\n" : "");
  return speed->gaps == 0 && speed->equality_failures == 0 ? kDone : kFailed;
}

int run(const BenchOptions& options) {
  if (!(options.seconds > 0.0 && options.seconds <= 3600.0)) {
    std::fputs("arbees bench: --seconds is not within 0..3600\n", stderr);
    return kUsage;
  }
  if (options.live) return run_live(options);
  BenchSettings settings;
  settings.seconds = options.seconds;
  const BenchReport report = run_bench(settings);
  std::printf("%s%s", (options.json ? report.to_json() : report.to_text()).c_str(), options.json ? "\n" : "");
  return report.engine.is_repeatable && report.frames.is_repeatable ? kDone : kFailed;
}

}  // namespace

void add_bench_command(CommandLine& line) {
  Command& command = line.add("bench", "Measure the engine on this machine: events and raw frames on one core");
  auto options = std::make_shared<BenchOptions>();
  command.option("--seconds", options->seconds,
                 "Processor time for each measurement (default 2); with --live its length");
  command.flag("--live", options->live, "Measure live feeds instead: real sockets, four venues in a second process");
  command.option("--rate", options->rate, "With --live: messages a second (default 5000)");
  command.option("--contracts", options->contracts, "With --live: contracts held (default 2000)");
  command.flag("--tls", options->tls, "With --live: encrypted, as the real venues are");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return run(*options); });
}

}  // namespace arbees::app
