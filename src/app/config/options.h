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

// --config and --profile alone, for commands without a data folder.
void add_settings_options(Command& command, ConfigOptions& options);
void add_config_options(Command& command, ConfigOptions& options);

// What load_config() is asked for: the files, the profile and this process's environment.
[[nodiscard]] ConfigRequest config_request(const ConfigOptions& options);

// The configuration in force; nothing if it is wrong, which has been said on stderr (exit code kUsage).
[[nodiscard]] std::optional<LoadedConfig> load_or_complain(const ConfigOptions& options, const char* command);

}  // namespace arbees::app
