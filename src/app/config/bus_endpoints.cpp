#include "app/config/bus_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace arbees::app {
namespace {

constexpr std::string_view kThisMachine = "127.0.0.1";

struct BoundKey {
  const char* name;
  std::string BusConfig::* member;
};
constexpr std::array<BoundKey, 6> kBound = {{{"bus.spot_pub", &BusConfig::spot_pub},
                                             {"bus.kalshi_pub", &BusConfig::kalshi_pub},
                                             {"bus.polymarket_pub", &BusConfig::polymarket_pub},
                                             {"bus.requests_pub", &BusConfig::requests_pub},
                                             {"bus.results_pub", &BusConfig::results_pub},
                                             {"bus.contracts_pub", &BusConfig::contracts_pub}}};

// How what is bound here is reached from here.
bus::Endpoint reachable(bus::Endpoint endpoint) {
  if (endpoint.address == "*" || endpoint.address == "0.0.0.0") endpoint.address = std::string(kThisMachine);
  if (endpoint.address == "[::]") endpoint.address = "[::1]";
  return endpoint;
}

}  // namespace

bus::Endpoint bound_endpoint(const BusConfig& config, const std::string& bound) {
  return bus::parse_endpoint(bound, config.bind_address).value_or(bus::Endpoint{});
}

std::vector<bus::Endpoint> connected_endpoints(const BusConfig& config, const std::string& list,
                                               const std::vector<std::string>& bound) {
  auto endpoints = bus::parse_endpoints(list, kThisMachine).value_or(std::vector<bus::Endpoint>{});
  if (!endpoints.empty()) return endpoints;
  for (const std::string& key : bound) endpoints.push_back(reachable(bound_endpoint(config, key)));
  return endpoints;
}

std::vector<bus::Endpoint> price_endpoints(const BusConfig& config) {
  return connected_endpoints(config, config.price_sub, {config.spot_pub, config.kalshi_pub, config.polymarket_pub});
}

std::vector<bus::Endpoint> request_endpoints(const BusConfig& config) {
  return connected_endpoints(config, config.requests_sub, {config.requests_pub});
}

std::vector<bus::Endpoint> result_endpoints(const BusConfig& config) {
  return connected_endpoints(config, config.results_sub, {config.results_pub});
}

std::string bind_trouble(std::string BusConfig::* key, const std::string& error) {
  const auto found = std::find_if(kBound.begin(), kBound.end(), [&](const BoundKey& one) { return one.member == key; });
  const std::string text = found == kBound.end() ? error : fmt::format("{}: {}", found->name, error);
  if (error.find("in use") == std::string::npos) return text;
  return text + ": end what listens there (ss -ltnp names it), or give the key another port";
}

std::vector<std::string> bus_collisions(const BusConfig& config) {
  std::vector<std::string> collisions;
  for (std::size_t i = 0; i < kBound.size(); ++i) {
    for (std::size_t j = i + 1; j < kBound.size(); ++j) {
      const bus::Endpoint first = bound_endpoint(config, config.*kBound[i].member);
      const bus::Endpoint second = bound_endpoint(config, config.*kBound[j].member);
      if (!first.collides_with(second)) continue;
      collisions.push_back(fmt::format("{} = {} and {} = {} meet on one address: give one of them another port",
                                       kBound[i].name, first.text(), kBound[j].name, second.text()));
    }
  }
  return collisions;
}

}  // namespace arbees::app
