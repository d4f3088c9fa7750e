// arbees demo: loopback venues in this process, the real clients against them over real sockets, paper trading, report.

#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <random>

#include "app/cli.h"
#include "app/command.h"
#include "app/config/config.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/live_process.h"
#include "app/running/sim_thread.h"
#include "app/stop_signal.h"
#include "sim/private_file.h"

namespace arbees::app {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kUsualPort = 8420;

struct DemoOptions {
  std::uint64_t seconds = 60;
  std::uint64_t seed = 1;
  std::int64_t port = -1;  // −1: the usual one, or any other if that is taken
  std::string data;
  std::string database;
  bool headless = false;
  bool json = false;
};

fs::path demo_folder(const DemoOptions& options) {
  if (!options.data.empty()) return options.data;
  std::random_device random;
  return fs::temp_directory_path() / fmt::format("arbees-demo-{:08x}{:08x}", random(), random());
}

// Asks the desktop for a browser, if there is one; that there is none is no trouble.
void open_browser(const std::string& url) {
  if (environment("DISPLAY").empty() && environment("WAYLAND_DISPLAY").empty()) return;
  std::string program = "xdg-open";
  std::string address = url;
  char* arguments[] = {program.data(), address.data(), nullptr};
  pid_t child = 0;
  (void)::posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ);
}

void report(const DemoOptions& options, const std::string& folder, TradingRun& run) {
  const RunStatistics& statistics = run.statistics();
  if (!options.json) {
    fmt::print("Demo: {} s against loopback venues (seed {}), paper trading\n{}", options.seconds, options.seed,
               statistics.summary());
    fmt::print("ledger: arbees ledger check --data {}\n", folder);
    return;
  }
  JsonWriter json;
  json.begin_object();
  statistics.write_fields(json);
  statistics.write_demo_fields(json);
  json.field("data", folder).end_object();
  fmt::print("{}\n", json.take());
}

Result<Config, std::string> demo_config(const fs::path& folder, const SimThread& venues, const std::string& database) {
  const std::string file = (folder / "venues.toml").string();
  std::string wrong = sim::write_private_file(file, venues.configuration());
  if (!wrong.empty()) return failure(wrong);
  ConfigRequest request;
  request.profile = "testing";
  request.files = {file};
  // What a person sees in a demo is the page, not the log.
  request.overrides = {{"run.discovery_interval_secs", "5"}, {"log.level", "warning"}};
  if (!database.empty()) request.overrides.emplace_back("database.url", database);
  auto loaded = load_config(request);
  if (!loaded) return failure(loaded.error().front());
  return loaded->config;
}

Result<std::unique_ptr<LiveProcess>, std::string> start_process(const DemoOptions& options, const Config& config,
                                                                const fs::path& folder) {
  LiveProcessOptions settings;
  settings.config = config;
  settings.folder = folder.string();
  settings.label = "demo";
  settings.port = static_cast<std::uint16_t>(options.port < 0 ? kUsualPort : options.port);
  auto process = LiveProcess::start(settings);
  if (process || options.port >= 0) return process;
  settings.port = 0;
  return LiveProcess::start(settings);
}

// Half of the time, a halt for a tenth of it, and the rest: the demo shows the kill switch, too. Empty, or why it could
// not be used.
std::string trade(const DemoOptions& options, LiveProcess& process, const volatile bool& stop) {
  const Timestamp start = net::IoLoop::now();
  const Duration length = std::chrono::seconds(options.seconds);
  process.run_until(start + length / 2, stop);
  if (stop) return {};
  const auto halted = process.trading().latch().halt("the demo shows its kill switch", net::IoLoop::now());
  if (!halted) return halted.error();
  process.run_until(start + length * 6 / 10, stop);
  const auto resumed = process.trading().latch().resume("the demo goes on", net::IoLoop::now());
  if (!resumed) return resumed.error();
  process.run_until(start + length, stop);
  return {};
}

int complain(const DemoOptions& options, int code, const std::string& text) {
  return refuse("demo", code, text, options.json);
}

int run_demo(const DemoOptions& options) {
  if (options.seconds == 0 || options.seconds > 86'400) {
    return complain(options, kUsage, fmt::format("--seconds {} is outside 1 to 86400", options.seconds));
  }
  if (options.port < -1 || options.port > 65'535) {
    return complain(options, kUsage, fmt::format("--port {} is outside 0 to 65535", options.port));
  }
  const volatile bool& stop = install_stop_signal();
  const fs::path folder = demo_folder(options);
  std::error_code error;
  fs::create_directories(folder, error);
  sim::SimOptions venues;
  venues.seed = options.seed;
  venues.folder = folder.string();
  // Contracts that end every minute, so that a short demo holds positions to their settlement.
  venues.world.kalshi_ladder = std::chrono::minutes(1);
  venues.world.opportunity_until = std::chrono::seconds(5);
  auto sim = SimThread::start(venues);
  if (!sim) return complain(options, kFailed, sim.error());
  const auto config = demo_config(folder, **sim, options.database);
  if (!config) return complain(options, options.database.empty() ? kFailed : kUsage, config.error());
  auto process = start_process(options, *config, folder);
  if (!process) return complain(options, kFailed, process.error());
  fmt::print(stderr, "dashboard: {}\n", (*process)->page_url());
  if (!options.headless) open_browser((*process)->page_url());
  std::string wrong = trade(options, **process, stop);
  const std::string unfinished = (*process)->finish();
  if (wrong.empty()) wrong = unfinished;
  report(options, folder.string(), (*process)->trading().run());
  return wrong.empty() ? kDone : refuse("demo", kFailed, wrong, false);  // the document is printed
}

}  // namespace

void add_demo_command(CommandLine& line) {
  Command& command = line.add("demo", "Loopback venues, real clients, paper trading, dashboard: no keys, no network");
  auto options = std::make_shared<DemoOptions>();
  command.option("--seconds", options->seconds, "How long to trade (default 60)");
  command.option("--seed", options->seed, "Seed of the simulated world (default 1)");
  command.option("--port", options->port, "Port of the dashboard on 127.0.0.1; 0: any free one (default 8420)");
  command.option("--data", options->data, "Folder for ledger and journal (default: a temporary one)");
  command.option("--db", options->database, "Also write to this PostgreSQL database (postgres://…)");
  command.flag("--headless", options->headless, "Open no browser");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return run_demo(*options); });
}

}  // namespace arbees::app
