// arbees run: the whole system in one process against the configured venues; paper money unless authorised.

#include <fmt/format.h>

#include <cstdio>

#include "adapters/telemetry/format.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/commands/live_commands.h"
#include "app/config/options.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/live_folder.h"
#include "app/running/live_process.h"
#include "app/running/reconcile.h"
#include "app/running/venue_feeds.h"
#include "app/stop_signal.h"

namespace arbees::app {
namespace {

struct Options {
  ConfigOptions config;
  std::string mode = "paper";
  std::string password_file;
  std::int64_t port = 8420;
  std::uint64_t seconds = 0;
  bool headless = false;
  bool json = false;
  bool accept = false;
  std::string reason;  // of what is accepted
};

int complain(const Options& options, const LiveRefusal& refusal, const char* command) {
  return refuse(command, refusal.code, refusal.text, options.json);
}

// Everything that live trading needs, or the exit code that says what is missing.
struct LiveStart {
  LiveKeys keys;
  std::vector<ProcessLock> locks;
  std::map<std::string, Money> opening;
  std::map<Venue, SettledAccount> settled;
};

Result<LiveStart, LiveRefusal> authorise(Config& config, const Options& options) {
  if (config.allow_live && !is_all_loopback(config) && !is_terminal(stdin)) {
    return failure(LiveRefusal{kRefused,
                               "a person confirms real orders by typing LIVE, and standard input is no terminal: "
                               "start it from one, with the password from --password-file if it is kept"});
  }
  const std::string folder = data_folder(options.config.data);
  auto keys = live_keys(config, folder, {options.password_file, stdin});
  if (!keys) return failure(keys.error());
  LiveStart start;
  start.keys = std::move(*keys);
  auto locks = lock_accounts(config, start.keys);
  if (!locks) return failure(LiveRefusal{kRefused, locks.error()});
  start.locks = std::move(*locks);
  auto reconciled = reconcile(config, start.keys, folder);
  if (!reconciled) return failure(reconciled.error());
  for (const std::string& text : reconciled->differences) fmt::print(stderr, "differs: {}\n", text);
  if (!reconciled->differences.empty()) {
    return failure(LiveRefusal{kRefused,
                               "books and venues differ; nothing is traded until they agree: look at the account, and "
                               "if it is right, book what differs with arbees reconcile --accept --reason TEXT"});
  }
  start.opening = std::move(reconciled->opening);
  start.settled = std::move(reconciled->settled);
  if (is_all_loopback(config)) return start;
  fmt::print(stderr,
             "{}Real orders with real money follow. Type LIVE to go on: ", describe(*reconciled, config.limits));
  if (!is_confirmed(stdin)) return failure(LiveRefusal{kRefused, "not confirmed"});
  return start;
}

int serve(const LiveProcessOptions& settings, const Options& options, const volatile bool& stop) {
  auto process = LiveProcess::start(settings);
  if (!process) return refuse("run", kFailed, process.error(), options.json);
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

int run(const Options& options) {
  if (options.port < 0 || options.port > 65'535) {
    return refuse("run", kUsage, fmt::format("--port {} is outside 0 to 65535", options.port), options.json);
  }
  auto loaded = load_or_complain(options.config, "run", options.json);
  if (!loaded) return loaded.error();
  const volatile bool& stop = install_stop_signal();
  LiveProcessOptions settings;
  settings.folder = data_folder(options.config.data);
  settings.port = static_cast<std::uint16_t>(options.port);
  settings.label = options.mode;
  LiveStart live;
  if (options.mode == "paper" && has_live_sessions(settings.folder)) {
    return complain(options,
                    {kRefused, ledger_path(settings.folder) +
                                   ": a ledger of live trading; paper needs a data folder of its own (--data)"},
                    "run");
  }
  if (options.mode == "paper") {
    const std::string wrong = open_feed_key(loaded->config, settings.folder, {options.password_file, nullptr});
    if (!wrong.empty()) return complain(options, {kUsage, wrong}, "run");
  }
  if (options.mode == "live") {
    auto authorised = authorise(loaded->config, options);
    if (!authorised) return complain(options, authorised.error(), "run");
    live = std::move(*authorised);
    settings.keys = &live.keys;
    settings.opening = live.opening;
    settings.settled = live.settled;
  }
  if (loaded->config.venue(Venue::Kalshi).enabled) {
    const auto usable = kalshi_credentials(loaded->config.kalshi);
    if (!usable) return refuse("run", kUsage, usable.error(), options.json);
  }
  settings.config = loaded->config;
  settings.reload = [&options](const Config& present) {
    return reload_config(config_request(options.config), present);
  };
  install_reload_signal();
  return serve(settings, options, stop);
}

std::string wrong_acceptance(const Options& options) {
  const bool has_reason = options.reason.find_first_not_of(" \t\r\n") != std::string::npos;
  if (options.accept && !has_reason) {
    return "--accept needs --reason TEXT: what happened outside, for those who read the ledger later";
  }
  if (!options.accept && has_reason) return "--reason belongs to --accept, which books what differs";
  return {};
}

int show(const Reconciliation& reconciled, const Options& options, const RiskLimits& limits) {
  if (options.json) {
    fmt::print("{}\n", reconciliation_document(reconciled));
  } else {
    fmt::print(stderr, "{}", describe(reconciled, limits));
    for (const std::string& text : reconciled.accepted_differences) fmt::print("differed: {}\n", text);
    fmt::print("{}", describe(reconciled.accepted));
    for (const std::string& text : reconciled.differences) fmt::print("differs: {}\n", text);
    if (reconciled.differences.empty()) fmt::print("books and venues agree\n");
  }
  if (reconciled.differences.empty()) return kDone;
  fmt::print(stderr, "arbees reconcile: {}\n",
             options.accept ? "books and venues differ again: the account goes on changing; trade nothing elsewhere "
                              "meanwhile, and try again"
                            : "books and venues differ: look at the account, and if it is right, book what differs "
                              "with --accept --reason TEXT");
  return kRefused;
}

// arbees reconcile: the first half of a live start, for people and scripts.
int reconcile_only(const Options& options) {
  if (const std::string wrong = wrong_acceptance(options); !wrong.empty()) {
    return complain(options, {kUsage, wrong}, "reconcile");
  }
  auto loaded = load_or_complain(options.config, "reconcile", options.json);
  if (!loaded) return loaded.error();
  const std::string folder = data_folder(options.config.data);
  auto keys = live_keys(loaded->config, folder, {options.password_file, stdin});
  if (!keys) return complain(options, keys.error(), "reconcile");
  const auto locks = lock_accounts(loaded->config, *keys);
  if (!locks) return complain(options, {kRefused, locks.error()}, "reconcile");
  const auto reconciled = reconcile(loaded->config, *keys, folder, options.accept ? options.reason : std::string());
  if (!reconciled) return complain(options, reconciled.error(), "reconcile");
  return show(*reconciled, options, loaded->config.limits);
}

}  // namespace

void add_run_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command = line.add("run", "Watch the venues and trade, on paper unless authorised");
  add_config_options(command, options->config);
  command.choice("--mode", options->mode, {"paper", "live"},
                 "paper: simulated orders against the real books; live: real orders (docs/operations.md)");
  command.option("--password-file", options->password_file, kKeystorePasswordHelp);
  add_database_option(command, options->config);
  command.option("--port", options->port, "Port of the dashboard on 127.0.0.1; 0: any free one");
  command.option("--seconds", options->seconds, "End after so many seconds (default: when stopped)");
  command.flag("--headless", options->headless, "Do not print the dashboard's address with its token");
  command.flag("--json", options->json, "Accepted for symmetry: the ready line is JSON anyway");
  command.run([options] { return run(*options); });

  auto checked = std::make_shared<Options>();
  Command& reconcile = line.add("reconcile", "Bring a live ledger and the venues together, and say what differs");
  add_config_options(reconcile, checked->config);
  reconcile.option("--password-file", checked->password_file, kKeystorePasswordHelp);
  reconcile.flag("--accept", checked->accept,
                 "Book what differs: cash as transfers, contracts as adjustments; needs --reason");
  reconcile.option("--reason", checked->reason, "What happened outside (a deposit, a trade by hand), for --accept");
  reconcile.flag("--json", checked->json, "Print one JSON document");
  reconcile.run([checked] { return reconcile_only(*checked); });
  add_livetest_command(line);
  add_doctor_command(line);
}

}  // namespace arbees::app
