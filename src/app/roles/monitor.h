#pragma once
// crypto-spot-monitor, kalshi-monitor, polymarket-monitor: real feeds in, Price messages out.

#include <memory>

#include "app/roles/role.h"

namespace arbees::app {

struct MonitorKind {
  const char* role;    // "kalshi-monitor"
  const char* source;  // "kalshi_monitor"
  std::vector<Venue> venues;
  std::string BusConfig::* bound;
};

[[nodiscard]] std::unique_ptr<Role> make_monitor(const MonitorKind& kind, const RoleContext& context);

}  // namespace arbees::app
