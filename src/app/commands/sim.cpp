// arbees sim: loopback venues that speak the real protocols, for our own clients and those of others.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <random>

#include "app/cli.h"
#include "app/command.h"
#include "app/refusal.h"
#include "app/stop_signal.h"
#include "sim/private_file.h"
#include "sim/sim_server.h"

namespace arbees::app {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, sim::kSimVenueCount> kPortOptions = {
    "--kalshi-port", "--polymarket-port", "--gamma-port", "--coinbase-port", "--binance-port"};

constexpr std::uint64_t kLongestFaults = 1'000'000;  // seconds

struct Options {
  std::array<std::uint64_t, sim::kSimVenueCount> ports{};
  std::uint64_t seed = 1;
  std::uint64_t faults_for = 0;
  std::string faults = "none";
  std::string config_out;
  std::string data;
  std::vector<std::string> replay;
  bool tls = false;
  bool json = false;
};

// A folder of our own for the key files, removed with all that is in it at the end.
class KeyFolder {
 public:
  explicit KeyFolder(const std::string& given) : is_ours_(given.empty()) {
    std::random_device random;
    path_ = is_ours_ ? fs::temp_directory_path() / fmt::format("arbees-sim-{:08x}{:08x}", random(), random())
                     : fs::path(given);
    std::error_code error;
    fs::create_directories(path_, error);
    if (is_ours_) fs::permissions(path_, fs::perms::owner_all, error);
  }
  ~KeyFolder() {
    std::error_code ignored;
    if (is_ours_) fs::remove_all(path_, ignored);
  }
  KeyFolder(const KeyFolder&) = delete;
  KeyFolder& operator=(const KeyFolder&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
  bool is_ours_;
};

int complain(const Options& options, int code, const std::string& text) {
  return refuse("sim", code, text, options.json);
}

int serve(const Options& options) {
  sim::SimOptions settings;
  settings.seed = options.seed;
  settings.tls = options.tls;
  for (std::size_t i = 0; i < options.ports.size(); ++i) {
    if (options.ports[i] > 65'535) {
      return complain(options, kUsage, fmt::format("{} {} is outside 0 to 65535", kPortOptions[i], options.ports[i]));
    }
    settings.ports[i] = static_cast<std::uint16_t>(options.ports[i]);
  }
  const auto plan = sim::parse_fault_plan(options.faults);
  if (!plan) return complain(options, kUsage, "--faults: " + plan.error());
  settings.faults = *plan;
  settings.replay = options.replay;
  if (options.faults_for > kLongestFaults) {
    return complain(options, kUsage,
                    fmt::format("--faults-for {} is outside 0 to {}", options.faults_for, kLongestFaults));
  }
  settings.faults_for = std::chrono::seconds(options.faults_for);

  const volatile bool& stop = install_stop_signal();
  const KeyFolder folder(options.data);
  settings.folder = folder.path();
  net::IoLoop loop;
  auto server = sim::SimServer::start(loop, settings);
  if (!server) return complain(options, kFailed, server.error());
  if (!options.config_out.empty()) {
    const std::string wrong = sim::write_private_file(options.config_out, (*server)->configuration());
    if (!wrong.empty()) return complain(options, kFailed, wrong);
  }
  fmt::print("{}\n", (*server)->ready_line());
  std::fflush(stdout);
  while (!stop) loop.run_for(std::chrono::milliseconds(100));
  return kDone;
}

}  // namespace

void add_sim_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command = line.add("sim", "Loopback venues with the real paths, wire formats and signatures");
  for (std::size_t i = 0; i < kPortOptions.size(); ++i) {
    command.option(kPortOptions[i], options->ports[i], "Port on 127.0.0.1; 0: any free one");
  }
  command.flag("--tls", options->tls, "Serve TLS, with a certificate made at the start");
  command.option("--seed", options->seed, "The same seed has the same keys and the same world");
  command.option("--faults", options->faults, "none, all, or a list as drop=0.01,disconnect=45s (docs/sim.md)");
  command.option("--faults-for", options->faults_for, "Seconds after which the faults end; 0: never");
  command.option("--config-out", options->config_out,
                 "Write a configuration for `run` that points here, keys included");
  command.option("--data", options->data, "Folder for the key files (default: a temporary one)");
  command.option("--replay", options->replay, "Play a recording of `arbees record` instead of the simulated world");
  command.flag("--json", options->json, "Accepted for symmetry: the ready line is JSON anyway");
  command.run([options] { return serve(*options); });
}

}  // namespace arbees::app
