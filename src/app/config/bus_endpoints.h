#pragma once
// The endpoints that the configuration of the bus means, and which of them cannot be bound at once.

#include <string>
#include <vector>

#include "adapters/bus/endpoint.h"
#include "app/config/config.h"

namespace arbees::app {

// Of a bound key, whose text the settings have accepted.
[[nodiscard]] bus::Endpoint bound_endpoint(const BusConfig& config, const std::string& bound);
// Of a list; an empty one means the given bound keys, on this machine.
[[nodiscard]] std::vector<bus::Endpoint> connected_endpoints(const BusConfig& config, const std::string& list,
                                                             const std::vector<std::string>& bound);
[[nodiscard]] std::vector<bus::Endpoint> price_endpoints(const BusConfig& config);
[[nodiscard]] std::vector<bus::Endpoint> request_endpoints(const BusConfig& config);
[[nodiscard]] std::vector<bus::Endpoint> result_endpoints(const BusConfig& config);
// Why what this key names cannot be bound, with the key, and what to do about it.
[[nodiscard]] std::string bind_trouble(std::string BusConfig::* key, const std::string& error);
// A text for each pair of bound keys that would meet on one address.
[[nodiscard]] std::vector<std::string> bus_collisions(const BusConfig& config);

}  // namespace arbees::app
