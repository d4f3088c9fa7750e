#pragma once
// The port of [metrics], if one is configured.

#include <functional>
#include <memory>
#include <string>

#include "adapters/dashboard/metrics_server.h"
#include "app/config/config.h"

namespace arbees::app {

// Serves what the status document tells as metrics; leaves `server` null if no port is configured. Empty, or a text for
// people.
[[nodiscard]] std::string open_metrics(net::IoLoop& loop, const MetricsConfig& config,
                                       std::function<std::string()> status_document,
                                       std::unique_ptr<MetricsServer>& server);

}  // namespace arbees::app
