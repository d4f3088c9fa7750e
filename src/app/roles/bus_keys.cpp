#include "app/roles/bus_keys.h"

#include <fmt/format.h>

#include <fstream>

#include "adapters/telemetry/log.h"

namespace arbees::app {

Result<bus::CurveKeys, std::string> bus_keys(const BusConfig& config) {
  bus::CurveKeys keys;
  if (config.curve_secret_key_file.empty()) return keys;
  std::ifstream in(config.curve_secret_key_file);
  if (!(in >> keys.secret_key)) {
    return failure(fmt::format("bus.curve_secret_key_file: {} cannot be read", config.curve_secret_key_file));
  }
  keys.public_key = bus::curve_public_key(keys.secret_key);
  if (keys.public_key.empty()) {
    return failure(
        fmt::format("bus.curve_secret_key_file: {} is not a Z85 key of 40 characters", config.curve_secret_key_file));
  }
  keys.server_key = config.curve_server_key.empty() ? keys.public_key : config.curve_server_key;
  return keys;
}

void warn_if_plain(const char* role, const std::vector<bus::Endpoint>& endpoints, const bus::CurveKeys& keys) {
  if (!keys.empty()) return;
  for (const bus::Endpoint& endpoint : endpoints) {
    if (endpoint.is_local()) continue;
    log(LogLevel::Warning,
        fmt::format("WARNING: {} leaves this machine without encryption or authentication: anybody who reaches it can "
                    "read and write messages (set bus.curve_secret_key_file)",
                    endpoint.text()),
        {{"role", role}});
  }
}

}  // namespace arbees::app
