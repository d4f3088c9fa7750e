#pragma once
// --config, --profile and --data of the running and operating commands.

#include <optional>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/config/config.h"

namespace arbees::app {

struct ConfigOptions {
  std::vector<std::string> files;
  std::string profile;
  std::string data;
};

void add_config_options(Command& command, ConfigOptions& options);

// The configuration in force; nothing if it is wrong, which has been said on stderr (exit code kUsage).
[[nodiscard]] std::optional<LoadedConfig> load_or_complain(const ConfigOptions& options, const char* command);

}  // namespace arbees::app
