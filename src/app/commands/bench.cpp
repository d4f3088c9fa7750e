// arbees bench: the speed of this machine and build, without recordings.

#include <cstdio>

#include "app/benching/bench_report.h"
#include "app/benching/bus_speed.h"
#include "app/benching/database_speed.h"
#include "app/benching/live_speed.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/refusal.h"

namespace arbees::app {
namespace {

constexpr const char* kCommand = "bench";

struct BenchOptions {
  double seconds = 2.0;
  bool json = false;
  bool live = false;
  bool bus = false;
  bool tls = false;
  std::uint64_t rate = 5000;
  std::uint64_t contracts = 2000;
  std::string database;
  std::uint64_t rows = 1'000'000;
};

int run_database(const BenchOptions& options) {
  if (options.rows == 0 || options.rows > 1'000'000'000) {
    return refuse(kCommand, kUsage, "--rows is not within 1..1000000000", options.json);
  }
  const auto speed = measure_database(options.database, options.rows);
  if (!speed) return refuse(kCommand, kFailed, speed.error(), options.json);
  std::printf("%s%s", (options.json ? speed->to_json() : speed->to_text()).c_str(), options.json ? "\n" : "");
  return speed->counted == speed->rows ? kDone : kFailed;
}

int run_live(const BenchOptions& options) {
  if (options.rate > 100'000 || options.contracts < 4 || options.contracts > 8000) {
    return refuse(kCommand, kUsage, "--rate is at most 100000, --contracts is within 4..8000", options.json);
  }
  LoadPlan plan;
  plan.contracts = options.contracts / 4 * 4;
  plan.rate = options.rate;
  plan.tls = options.tls;
  const auto speed = measure_live(plan, options.seconds);
  if (!speed) return refuse(kCommand, kFailed, speed.error(), options.json);
  std::printf("%s%s", (options.json ? speed->to_json() : speed->to_text()).c_str(), options.json ? "\n" : "");
  return speed->gaps == 0 && speed->equality_failures == 0 ? kDone : kFailed;
}

int run_bus(const BenchOptions& options) {
  const auto speed = measure_bus(options.seconds);
  if (!speed) return refuse(kCommand, kFailed, speed.error(), options.json);
  std::printf("%s%s", (options.json ? speed->to_json() : speed->to_text()).c_str(), options.json ? "\n" : "");
  return kDone;
}

int run(const BenchOptions& options) {
  if (!(options.seconds > 0.0 && options.seconds <= 3600.0)) {
    return refuse(kCommand, kUsage, "--seconds is not within 0..3600", options.json);
  }
  if (!options.database.empty()) return run_database(options);
  if (options.live) return run_live(options);
  if (options.bus) return run_bus(options);
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
                 "Processor time for each measurement (default 2); with --live and --bus its length");
  command.flag("--live", options->live, "Measure live feeds instead: real sockets, four venues in a second process");
  command.flag("--bus", options->bus,
               "Measure the bus instead: real roles as processes, beside ZeroMQ's own ping-pong");
  command.option("--rate", options->rate, "With --live: messages a second (default 5000)");
  command.option("--contracts", options->contracts, "With --live: contracts held (default 2000)");
  command.flag("--tls", options->tls, "With --live: encrypted, as the real venues are");
  command.option(
      "--db", options->database,
      "Measure a PostgreSQL database (postgres://…) instead: rows a second, and what its writer costs trading");
  command.option("--rows", options->rows, "With --db: rows to store (default 1000000)");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return run(*options); });
}

}  // namespace arbees::app
