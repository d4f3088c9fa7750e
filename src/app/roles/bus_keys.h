#pragma once
// The CURVE keys of a process, and the warning of one that goes without them where it should not.

#include "adapters/bus/endpoint.h"
#include "adapters/bus/socket.h"
#include "app/config/config.h"

namespace arbees::app {

// The error names the setting.
[[nodiscard]] Result<bus::CurveKeys, std::string> bus_keys(const BusConfig& config);
// On stderr, for each endpoint that leaves the machine unprotected.
void warn_if_plain(const char* role, const std::vector<bus::Endpoint>& endpoints, const bus::CurveKeys& keys);

}  // namespace arbees::app
