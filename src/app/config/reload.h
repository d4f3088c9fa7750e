#pragma once
// Settings read anew by a running process (SIGHUP, `reload` of a shard): all that changed is taken, or nothing.

#include <string>
#include <vector>

#include "app/config/config.h"
#include "core/market/event.h"

namespace arbees::app {

struct ReloadedConfig {
  Config config;
  std::vector<std::string> changed;  // "limits.min_edge_pct = 2 (was 3)"
};

// What is given now, if all of it is valid and differs from `present` in reloadable keys alone. Otherwise everything
// that speaks against it, one text each, and nothing may be taken.
[[nodiscard]] Result<ReloadedConfig, ConfigErrors> reload_config(const ConfigRequest& request, const Config& present);

// The limits that differ, as the events that set them.
[[nodiscard]] std::vector<LimitSet> changed_limits(const RiskLimits& before, const RiskLimits& after);

// Into the log, a line each.
void log_reload(const ReloadedConfig& reloaded);
void log_refused_reload(const ConfigErrors& errors);

}  // namespace arbees::app
