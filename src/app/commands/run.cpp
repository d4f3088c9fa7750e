// arbees run: the whole system in one process against the configured venues; paper money unless authorised.

#include <fmt/format.h>

#include <cstdio>

#include "app/cli.h"
#include "app/command.h"
#include "app/config/options.h"
#include "app/data_folder.h"
#include "app/running/live_process.h"
#include "app/stop_signal.h"

namespace arbees::app {
namespace {

struct Options {
  ConfigOptions config;
  std::string mode = "paper";
  std::uint64_t port = 8420;
  std::uint64_t seconds = 0;
  bool headless = false;
  bool json = false;
};

int run(const Options& options) {
  if (options.port > 65'535) {
    fmt::print(stderr, "arbees run: --port {} is outside 0 to 65535\n", options.port);
    return kUsage;
  }
  const auto loaded = load_or_complain(options.config, "run");
  if (!loaded) return kUsage;
  if (options.mode == "live") {
    fmt::print(stderr, "arbees run: live trading is not authorised: this version trades with paper money only\n");
    return kRefused;
  }
  const volatile bool& stop = install_stop_signal();
  LiveProcessOptions settings;
  settings.config = loaded->config;
  settings.folder = data_folder(options.config.data);
  settings.label = "paper";
  settings.port = static_cast<std::uint16_t>(options.port);
  auto process = LiveProcess::start(settings);
  if (!process) {
    fmt::print(stderr, "arbees run: {}\n", process.error());
    return kFailed;
  }
  fmt::print("{}\n", (*process)->ready_line("run"));
  std::fflush(stdout);
  if (!options.headless) fmt::print(stderr, "dashboard: {}\n", (*process)->page_url());
  const Timestamp end =
      options.seconds == 0
          ? Timestamp::max()
          : net::IoLoop::now() + std::chrono::seconds(std::min<std::uint64_t>(options.seconds, 1'000'000'000));
  (*process)->run_until(end, stop);
  const std::string wrong = (*process)->finish();
  fmt::print(stderr, "{}", (*process)->trading().run().statistics().summary());
  if (wrong.empty()) return kDone;
  fmt::print(stderr, "arbees run: {}\n", wrong);
  return kFailed;
}

}  // namespace

void add_run_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command = line.add("run", "Watch the venues and trade, on paper unless authorised");
  add_config_options(command, options->config);
  command.choice("--mode", options->mode, {"paper", "live"}, "paper: simulated orders against the real books");
  command.option("--port", options->port, "Port of the dashboard on 127.0.0.1; 0: any free one");
  command.option("--seconds", options->seconds, "End after so many seconds (default: when stopped)");
  command.flag("--headless", options->headless, "Do not print the dashboard's address with its token");
  command.flag("--json", options->json, "Accepted for symmetry: the ready line is JSON anyway");
  command.run([options] { return run(*options); });
}

}  // namespace arbees::app
