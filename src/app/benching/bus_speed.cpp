#include "app/benching/bus_speed.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "adapters/bus/ping_pong.h"
#include "adapters/telemetry/json.h"
#include "app/benching/bus_bench.h"
#include "sim/private_file.h"

namespace arbees::app {
namespace {

constexpr std::size_t kTypicalBytes = 900;  // of a request with its envelope

// A folder that disappears.
class Scratch {
 public:
  Scratch() : path_((std::filesystem::temp_directory_path() / "arbees-bus-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

double load() {
  double minute = 0.0;
  return ::getloadavg(&minute, 1) == 1 ? minute : 0.0;
}

double in_us(std::int64_t ns) { return static_cast<double>(ns) / 1000.0; }

// Settings of every role that is measured. Kalshi's feed would need a key; the others find nothing at the port.
std::string configuration(const BusPorts& ports, std::uint16_t venue_port) {
  const std::string url = fmt::format("http://127.0.0.1:{}", venue_port);
  const std::string ws = fmt::format("ws://127.0.0.1:{}", venue_port);
  std::string text = fmt::format(
      "[bus]\nspot_pub = \"{}\"\nkalshi_pub = \"{}\"\npolymarket_pub = \"{}\"\nrequests_pub = \"{}\"\n"
      "results_pub = \"{}\"\ncontracts_pub = \"{}\"\n[run]\nassets = \"BTC,ETH,SOL,XRP,DOGE\"\n"
      "[model]\nvolatility_window_days = 1\nmax_close_exposure = 1000000\n"
      "[limits]\nmin_liquidity = 1\n",
      ports.spot, ports.kalshi, ports.polymarket, ports.requests, ports.results, ports.contracts);
  text += fmt::format(
      "[venues.polymarket]\nclob_url = \"{0}\"\ngamma_url = \"{0}\"\nws_url = \"{1}\"\nlive_data_url = \"\"\n", url,
      ws);
  for (const char* venue : {"binance", "coinbase"}) {
    text += fmt::format("[venues.{}]\nrest_url = \"{}\"\nws_url = \"{}\"\n", venue, url, ws);
  }
  for (const char* venue : {"kalshi", "kraken", "bitstamp", "gemini"}) {
    text += fmt::format("[venues.{}]\nenabled = false\n", venue);
  }
  return text;
}

}  // namespace

Result<BusPorts, std::string> BusPorts::choose() {
  const std::vector<std::uint16_t> free = free_ports(6);
  if (free.size() < 6) return failure(std::string("there are no free ports"));
  return BusPorts{free[0], free[1], free[2], free[3], free[4], free[5]};
}

bus::Endpoint loopback_endpoint(std::uint16_t port) { return {"127.0.0.1", port, true}; }

Result<std::unique_ptr<bus::Publisher>, std::string> BusPlace::publisher(std::uint16_t port) {
  bus::PublisherOptions options;
  options.endpoint = loopback_endpoint(port);
  return bus::Publisher::bind(context, options);
}

Result<std::unique_ptr<bus::Subscriber>, std::string> BusPlace::subscriber(std::uint16_t port) {
  bus::SubscriberOptions options;
  options.endpoints = {loopback_endpoint(port)};
  return bus::Subscriber::connect(context, options);
}

Result<std::unique_ptr<RoleProcess>, std::string> BusPlace::start(const std::string& role,
                                                                  std::uint16_t venue_port) const {
  const std::string file = folder + "/" + role + ".toml";
  const std::string wrong = sim::write_private_file(file, configuration(ports, venue_port));
  if (!wrong.empty()) return failure(wrong);
  return RoleProcess::start({role, "--config", file, "--profile", "testing", "--data", folder + "/" + role}, folder);
}

BusTimes summary(std::string name, const LatencyHistogram& histogram) {
  return {std::move(name),         histogram.count(),        histogram.quantile(0.5),
          histogram.quantile(0.9), histogram.quantile(0.99), histogram.max()};
}

Result<BusSpeed, std::string> measure_bus(double seconds) {
  const Scratch scratch;
  BusSpeed speed;
  speed.load_before = load();
  speed.message_bytes = kTypicalBytes;
  const auto ports = free_ports(2);
  if (ports.size() < 2) return failure(std::string("there are no free ports"));
  const auto trips = std::make_unique<LatencyHistogram>();
  bus::PingPongOptions options;
  options.there_port = ports[0];
  options.back_port = ports[1];
  options.bytes = kTypicalBytes;
  std::string wrong = bus::ping_pong(options, [&](Duration time) { trips->add(time.count()); });
  speed.times.push_back(summary("ping_pong", *trips));
  if (wrong.empty()) wrong = measure_executor(scratch.path(), speed);
  if (wrong.empty()) wrong = measure_shard(scratch.path(), seconds, speed);
  speed.load_after = load();
  if (!wrong.empty()) return failure(std::move(wrong));
  return speed;
}

std::string BusSpeed::to_json() const {
  JsonWriter json;
  json.begin_object().field("message_bytes", static_cast<std::uint64_t>(message_bytes));
  json.field("load_before", load_before).field("load_after", load_after).key("times").begin_array();
  for (const BusTimes& row : times) {
    json.begin_object().field("name", row.name).field("count", row.count).field("p50_us", in_us(row.p50_ns));
    json.field("p90_us", in_us(row.p90_ns)).field("p99_us", in_us(row.p99_ns)).field("max_us", in_us(row.max_ns));
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string BusSpeed::to_text() const {
  std::string text = fmt::format(
      "there and back between two processes, messages of some {} bytes; load of the machine {:.1f} before, {:.1f} "
      "after\n{:<18} {:>8} {:>10} {:>10} {:>10} {:>10} {:>14}\n",
      message_bytes, load_before, load_after, "", "count", "p50 us", "p90 us", "p99 us", "max us", "p50: ping-pong");
  for (const BusTimes& row : times) {
    const double ratio = times.front().p50_ns > 0 ? in_us(row.p50_ns) / in_us(times.front().p50_ns) : 0.0;
    text += fmt::format("{:<18} {:>8} {:>10.1f} {:>10.1f} {:>10.1f} {:>10.1f} {:>14.2f}\n", row.name, row.count,
                        in_us(row.p50_ns), in_us(row.p90_ns), in_us(row.p99_ns), in_us(row.max_ns), ratio);
  }
  return text;
}

}  // namespace arbees::app
