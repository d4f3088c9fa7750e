// arbees sim: loopback venues that speak the real wire protocols, until it is stopped.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "app/cli.h"
#include "app/command.h"
#include "app/stop_signal.h"
#include "sim/sim_server.h"

namespace arbees::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kHighestPort = 65'535;
constexpr std::uint64_t kLongestFaults = 1'000'000;

struct SimOptions {
  std::uint64_t kalshi_port = 0;
  std::uint64_t polymarket_port = 0;
  std::uint64_t gamma_port = 0;
  std::uint64_t coinbase_port = 0;
  std::uint64_t binance_port = 0;
  std::uint64_t seed = 1;
  std::uint64_t faults_for = 0;
  std::string faults = "none";
  std::string config_out;
  std::string data;
  bool tls = false;
};

int refuse(const std::string& message, int code) {
  std::fprintf(stderr, "arbees sim: %s\n", message.c_str());
  return code;
}

// A folder of one's own that is gone at the end, or the one that the user named, which stays.
class DataFolder {
 public:
  // The error, or empty.
  std::string open(const std::string& wanted) {
    if (wanted.empty()) {
      std::string pattern = (fs::temp_directory_path() / "arbees-sim-XXXXXX").string();
      if (::mkdtemp(pattern.data()) == nullptr) return "cannot make a folder in " + fs::temp_directory_path().string();
      path_ = pattern;
      is_temporary_ = true;
      return {};
    }
    std::error_code error;
    path_ = fs::absolute(wanted, error);
    if (!error) fs::create_directories(path_, error);
    return error ? wanted + ": " + error.message() : std::string();
  }
  ~DataFolder() {
    std::error_code ignored;
    if (is_temporary_) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
  bool is_temporary_ = false;
};

// The first port that is none, as text; empty if all are.
std::string wrong_port(const SimOptions& options) {
  const std::pair<const char*, std::uint64_t> ports[] = {{"--kalshi-port", options.kalshi_port},
                                                         {"--polymarket-port", options.polymarket_port},
                                                         {"--gamma-port", options.gamma_port},
                                                         {"--coinbase-port", options.coinbase_port},
                                                         {"--binance-port", options.binance_port}};
  for (const auto& [name, port] : ports) {
    if (port > kHighestPort) return std::string(name) + ": " + std::to_string(port) + " is not a port (0 to 65535)";
  }
  return {};
}

int run_sim(const SimOptions& options) {
  if (std::string wrong = wrong_port(options); !wrong.empty()) return refuse(wrong, kUsage);
  if (options.faults_for > kLongestFaults) return refuse("--faults-for: at most 1000000 seconds", kUsage);
  auto plan = sim::parse_fault_plan(options.faults);
  if (!plan) return refuse("--faults: " + plan.error(), kUsage);
  DataFolder data;
  if (std::string wrong = data.open(options.data); !wrong.empty()) return refuse("--data: " + wrong, kUsage);

  const volatile bool& is_stopping = install_stop_signal();
  sim::SimSettings settings;
  settings.world.seed = options.seed;
  settings.faults = *plan;
  settings.faults_for = std::chrono::seconds(options.faults_for);
  settings.data = data.path();
  settings.tls = options.tls;
  const auto port = [](std::uint64_t number) { return static_cast<std::uint16_t>(number); };
  settings.ports = {port(options.kalshi_port), port(options.polymarket_port), port(options.gamma_port),
                    port(options.coinbase_port), port(options.binance_port)};
  net::IoLoop loop;
  auto server = sim::SimServer::start(loop, settings);
  if (!server) return refuse(server.error(), kFailed);
  if (!options.config_out.empty()) {
    const std::string wrong = sim::write_private_file(options.config_out, (*server)->configuration());
    if (!wrong.empty()) return refuse("--config-out: " + wrong, kFailed);
  }
  std::printf("%s\n", (*server)->ready_line().c_str());
  std::fflush(stdout);
  while (!is_stopping) {
    loop.run_for(sim::SimServer::kTick);
    (*server)->advance(net::IoLoop::now());
  }
  return kDone;
}

}  // namespace

void add_sim_command(CommandLine& line) {
  auto options = std::make_shared<SimOptions>();
  Command& command = line.add("sim", "Loopback venues: REST and WebSocket servers over a simulated world");
  command.option("--kalshi-port", options->kalshi_port, "Port on 127.0.0.1; 0: any free one (as for the others)");
  command.option("--polymarket-port", options->polymarket_port, "Port of the CLOB");
  command.option("--gamma-port", options->gamma_port, "Port of Gamma");
  command.option("--coinbase-port", options->coinbase_port, "Port of Coinbase");
  command.option("--binance-port", options->binance_port, "Port of Binance");
  command.flag("--tls", options->tls, "https and wss, with a certificate made at start (ca_file in the ready line)");
  command.option("--seed", options->seed, "The same seed has the same world, keys and wallet");
  command.option("--faults", options->faults, "none, all, or a list as drop=0.01,disconnect=60s (docs/simulation.md)");
  command.option("--faults-for", options->faults_for, "Seconds after which the faults end; 0: never");
  command.option("--config-out", options->config_out, "Write a configuration that points `run` at this sim");
  command.option("--data", options->data, "Folder of the key files; default: a temporary one");
  command.run([options] { return run_sim(*options); });
}

}  // namespace arbees::app
