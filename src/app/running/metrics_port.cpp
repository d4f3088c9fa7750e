#include "app/running/metrics_port.h"

#include "app/running/metrics_text.h"

namespace arbees::app {

std::string open_metrics(net::IoLoop& loop, const MetricsConfig& config, std::function<std::string()> status_document,
                         std::unique_ptr<MetricsServer>& server) {
  if (config.port == 0) return {};
  const std::string address = config.bind_address == "*" ? "0.0.0.0" : config.bind_address;
  auto opened = MetricsServer::open(loop, address, static_cast<std::uint16_t>(config.port),
                                    [status = std::move(status_document)] { return metrics_text(status()); });
  if (!opened) return opened.error() + " (metrics.port, metrics.bind_address; every process needs a port of its own)";
  server = std::move(*opened);
  return {};
}

}  // namespace arbees::app
