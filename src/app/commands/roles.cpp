// arbees crypto-spot-monitor, kalshi-monitor, polymarket-monitor, crypto-shard, execution-service, orchestrator: the
// roles of a split system.

#include <fmt/format.h>

#include <cstdio>

#include "app/cli.h"
#include "app/command.h"
#include "app/roles/crypto_shard.h"
#include "app/roles/execution_service.h"
#include "app/roles/monitor.h"
#include "app/roles/orchestrator.h"

namespace arbees::app {
namespace {

void add_monitor(CommandLine& line, const MonitorKind& kind, const char* help) {
  auto options = std::make_shared<RoleOptions>();
  Command& command = line.add(kind.role, help);
  add_role_options(command, *options);
  command.run([options, kind] {
    return run_role({kind.role}, *options, [&](const RoleContext& context) { return make_monitor(kind, context); });
  });
}

struct ExecutionOptions {
  RoleOptions role;
  std::string mode = "paper";
};

int execute(const ExecutionOptions& options) {
  if (options.mode == "live") {
    fmt::print(
        stderr,
        "arbees execution-service: live trading is not authorised: this service trades with paper money only; real "
        "orders are sent by one process that does everything: arbees run --mode live (docs/operations.md)\n");
    return kRefused;
  }
  return run_role({"execution-service", true, true}, options.role, make_execution_service);
}

}  // namespace

void add_role_commands(CommandLine& line) {
  add_monitor(line,
              {"crypto-spot-monitor",
               "crypto_spot_monitor",
               {Venue::Coinbase, Venue::Binance, Venue::Kraken, Venue::Bitstamp, Venue::Gemini},
               &BusConfig::spot_pub},
              "Publish spot prices on the bus");
  add_monitor(line, {"kalshi-monitor", "kalshi_monitor", {Venue::Kalshi}, &BusConfig::kalshi_pub},
              "Publish Kalshi's books on the bus");
  add_monitor(line, {"polymarket-monitor", "polymarket_monitor", {Venue::Polymarket}, &BusConfig::polymarket_pub},
              "Publish Polymarket's books on the bus");
  auto shard = std::make_shared<RoleOptions>();
  Command& detect =
      line.add("crypto-shard", "Find what is worth trading in the prices of the bus, and request it there");
  add_role_options(detect, *shard);
  detect.run(
      [shard] { return run_role({"crypto-shard", false, true, crypto_shard_folder}, *shard, make_crypto_shard); });
  auto orchestrator = std::make_shared<RoleOptions>();
  Command& orchestrate = line.add("orchestrator", "Publish the contracts, and share the assets out among the shards");
  add_role_options(orchestrate, *orchestrator);
  orchestrate.run([orchestrator] { return run_role({"orchestrator"}, *orchestrator, make_orchestrator); });
  auto options = std::make_shared<ExecutionOptions>();
  Command& command = line.add("execution-service", "Execute the requests of the bus, on paper");
  add_role_options(command, options->role);
  add_database_option(command, options->role.config);
  command.choice("--mode", options->mode, {"paper", "live"},
                 "paper: simulated orders against the real books; live is refused: use run --mode live");
  command.run([options] { return execute(*options); });
}

}  // namespace arbees::app
