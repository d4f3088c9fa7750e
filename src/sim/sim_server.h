#pragma once
// The five loopback venues over one world, in one event loop.
//
//   net::IoLoop loop;
//   auto sim = SimServer::start(loop, settings);            // listening from here on
//   while (!stopped) { loop.run_for(SimServer::kTick); (*sim)->advance(net::IoLoop::now()); }
//
// Everything listens on 127.0.0.1. Key files and certificate lie in `data`, readable by the owner only.

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/net/http_server.h"
#include "adapters/net/io_loop.h"
#include "core/base/result.h"
#include "sim/faults.h"
#include "sim/keys.h"
#include "sim/servers.h"
#include "sim/world.h"

namespace arbees::sim {

// 0: any free one.
struct SimPorts {
  std::uint16_t kalshi = 0;
  std::uint16_t polymarket = 0;
  std::uint16_t gamma = 0;
  std::uint16_t coinbase = 0;
  std::uint16_t binance = 0;
};

struct SimSettings {
  WorldSettings world;  // `starts_at` is set to now
  SimPorts ports;
  FaultPlan faults;
  Duration faults_for{0};  // faults end after this; zero: never
  std::string data;        // an existing folder
  bool tls = false;
  std::int64_t chain_id = 137;
};

class SimServer {
 public:
  static constexpr Duration kTick = std::chrono::milliseconds(10);

  // The error says which file or port it was.
  [[nodiscard]] static Result<std::unique_ptr<SimServer>, std::string> start(net::IoLoop& loop,
                                                                             const SimSettings& settings);
  SimServer(const SimServer&) = delete;
  SimServer& operator=(const SimServer&) = delete;
  ~SimServer();

  void advance(Timestamp now);

  [[nodiscard]] World& world() noexcept { return *world_; }
  [[nodiscard]] FaultInjector& faults() noexcept { return faults_; }
  [[nodiscard]] const SimKeys& keys() const noexcept { return keys_; }
  [[nodiscard]] SimPorts ports() const noexcept;
  // {"ready":true,"kalshi":{…},…}: one line without its end.
  [[nodiscard]] std::string ready_line() const;
  // A configuration file that points `run` and the roles here, keys included.
  [[nodiscard]] std::string configuration() const;

 private:
  enum Place : std::size_t { kKalshi, kPolymarket, kGamma, kCoinbase, kBinance, kPlaces };

  SimServer(net::IoLoop& loop, const SimSettings& settings, Timestamp now);
  [[nodiscard]] std::string write_files(Timestamp now);
  [[nodiscard]] std::string listen(net::IoLoop& loop);
  [[nodiscard]] std::string address(const char* scheme, Place place, const char* path) const;
  [[nodiscard]] std::string file(const char* name) const;

  SimSettings settings_;
  SimKeys keys_;
  FaultInjector faults_;
  std::unique_ptr<World> world_;
  std::array<std::unique_ptr<net::ServerHandler>, kPlaces> handlers_;
  std::array<std::unique_ptr<net::HttpServer>, kPlaces> servers_;
  Timestamp last_tick_change_;
  bool is_paused_ = false;
};

// Writes a file that only its owner can read; the error names it.
[[nodiscard]] std::string write_private_file(const std::string& path, const std::string& text);

}  // namespace arbees::sim
