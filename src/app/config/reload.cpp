#include "app/config/reload.h"

#include <fmt/format.h>

#include "adapters/telemetry/log.h"
#include "app/config/settings.h"

namespace arbees::app {

Result<ReloadedConfig, ConfigErrors> reload_config(const ConfigRequest& request, const Config& present) {
  auto loaded = load_config(request);
  if (!loaded) return failure(std::move(loaded.error()));
  ReloadedConfig reloaded{loaded->config, {}};
  ConfigErrors errors;
  for (const Setting& setting : settings()) {
    const std::string before = setting.get(present, setting);
    const std::string now = setting.get(reloaded.config, setting);
    if (before == now) continue;
    if (!setting.is_reloadable) {
      errors.push_back(fmt::format("{} has changed, and needs a restart", setting.name()));
    } else {
      reloaded.changed.push_back(fmt::format("{} = {} (was {})", setting.name(), now, before));
    }
  }
  if (!errors.empty()) return failure(std::move(errors));
  return reloaded;
}

std::vector<LimitSet> changed_limits(const RiskLimits& before, const RiskLimits& after) {
  std::vector<LimitSet> changed;
  for (std::uint32_t row = 0; row < kLimitCount; ++row) {
    const LimitRow& limit = limit_table()[row];
    if (limit.get(before) == limit.get(after)) continue;
    LimitSet set;
    set.row = row;
    set.value = limit.get(after);
    changed.push_back(set);
  }
  return changed;
}

void log_reload(const ReloadedConfig& reloaded) {
  if (reloaded.changed.empty()) log(LogLevel::Info, "reloaded", {{"setting", "none has changed"}});
  for (const std::string& text : reloaded.changed) log(LogLevel::Info, "reloaded", {{"setting", text}});
}

void log_refused_reload(const ConfigErrors& errors) {
  for (const std::string& text : errors) log(LogLevel::Error, "reload refused", {{"reason", text}});
}

}  // namespace arbees::app
