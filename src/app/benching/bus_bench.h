#pragma once
// What the measurements over the bus share: ports, a configuration for the roles, a histogram's summary.

#include <cstdint>
#include <memory>
#include <string>

#include "adapters/bus/publisher.h"
#include "adapters/bus/subscriber.h"
#include "adapters/telemetry/latency_histogram.h"
#include "app/benching/bus_speed.h"
#include "app/benching/role_process.h"

namespace arbees::app {

struct BusPorts {
  std::uint16_t spot = 0;
  std::uint16_t kalshi = 0;
  std::uint16_t polymarket = 0;
  std::uint16_t requests = 0;
  std::uint16_t results = 0;
  std::uint16_t contracts = 0;

  // Empty if there are none.
  [[nodiscard]] static Result<BusPorts, std::string> choose();
};

// Where the measurements of one role happen: a folder, ports, and this process's end of the bus.
struct BusPlace {
  std::string folder;
  BusPorts ports;
  bus::BusContext context;

  [[nodiscard]] Result<std::unique_ptr<bus::Publisher>, std::string> publisher(std::uint16_t port);
  [[nodiscard]] Result<std::unique_ptr<bus::Subscriber>, std::string> subscriber(std::uint16_t port);
  // Starts a role that asks this port of 127.0.0.1 for whatever venues tell.
  [[nodiscard]] Result<std::unique_ptr<RoleProcess>, std::string> start(const std::string& role,
                                                                        std::uint16_t venue_port) const;
};

[[nodiscard]] bus::Endpoint loopback_endpoint(std::uint16_t port);
[[nodiscard]] BusTimes summary(std::string name, const LatencyHistogram& histogram);

// Appends their times; empty, or what went wrong.
[[nodiscard]] std::string measure_executor(const std::string& folder, BusSpeed& speed);
[[nodiscard]] std::string measure_shard(const std::string& folder, double seconds, BusSpeed& speed);

}  // namespace arbees::app
