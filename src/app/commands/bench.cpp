// arbees bench: the speed of this machine and build, without recordings.

#include <cstdio>

#include "app/benching/bench_report.h"
#include "app/cli.h"
#include "app/command.h"

namespace arbees::app {
namespace {

struct BenchOptions {
  double seconds = 2.0;
  bool json = false;
};

int run(const BenchOptions& options) {
  if (!(options.seconds > 0.0 && options.seconds <= 3600.0)) {
    std::fputs("arbees bench: --seconds is not within 0..3600\n", stderr);
    return kUsage;
  }
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
  command.option("--seconds", options->seconds, "Processor time for each measurement (default 2)");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return run(*options); });
}

}  // namespace arbees::app
