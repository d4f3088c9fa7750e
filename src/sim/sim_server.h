#pragma once
// All loopback venues in one loop: one world, five servers on 127.0.0.1, keys in files, and how to reach it all.
//
// Used by `arbees sim`, by the demo and by tests. The world advances with the loop's clock.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/net/io_loop.h"
#include "core/base/result.h"
#include "sim/faults.h"
#include "sim/world.h"

namespace arbees::sim {

enum class SimVenue : std::uint8_t { Kalshi, Polymarket, Gamma, Coinbase, Binance };
inline constexpr std::size_t kSimVenueCount = 5;

struct SimOptions {
  std::uint64_t seed = 1;
  WorldSettings world;  // all but its seed and its start
  FaultPlan faults;
  Duration faults_for{0};                             // the faults end after this; zero: never
  std::array<std::uint16_t, kSimVenueCount> ports{};  // 0: any free one
  bool tls = false;
  std::vector<std::string> replay;  // recordings to be played instead of the world; empty: the world
  std::string folder;               // for the key files; must exist
};

class SimServer {
 public:
  // Listens at once. The error names the venue and what is wrong with its port, or the file that cannot be written.
  [[nodiscard]] static Result<std::unique_ptr<SimServer>, std::string> start(net::IoLoop& loop,
                                                                             const SimOptions& options);
  ~SimServer();
  SimServer(const SimServer&) = delete;
  SimServer& operator=(const SimServer&) = delete;

  // The line that `arbees sim` prints (the command line contract).
  [[nodiscard]] std::string ready_line() const;
  // A configuration file that points `run` and the roles here, keys included.
  [[nodiscard]] std::string configuration() const;
  [[nodiscard]] std::string url(SimVenue venue, bool websocket) const;  // without a path

  [[nodiscard]] World& world() noexcept;
  [[nodiscard]] FaultInjector& faults() noexcept;

 private:
  struct Parts;
  explicit SimServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace arbees::sim
