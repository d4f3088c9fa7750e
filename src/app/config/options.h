#pragma once
// --config, --profile and --data of the running and operating commands.

#include <string>
#include <utility>
#include <vector>

#include "app/command.h"
#include "app/config/config.h"

namespace arbees::app {

struct ConfigOptions {
  std::vector<std::string> files;
  std::string profile;
  std::string data;
  std::string database;  // --db: instead of database.url
  // Of options that stand for a key: "listener.out" and its value.
  std::vector<std::pair<std::string, std::string>> overrides;
};

// --config and --profile alone, for commands without a data folder.
void add_settings_options(Command& command, ConfigOptions& options);
void add_config_options(Command& command, ConfigOptions& options);
void add_database_option(Command& command, ConfigOptions& options);

// What load_config() is asked for: the files, the profile and this process's environment.
[[nodiscard]] ConfigRequest config_request(const ConfigOptions& options);

// The configuration in force; else what is wrong has been said on stderr, with `is_json` in a document too, and this is
// the exit code: kUsage, or kRefused where others may read a venue's secret.
[[nodiscard]] Result<LoadedConfig, int> load_or_complain(const ConfigOptions& options, const char* command,
                                                         bool is_json);

// The files that hold secrets of venues, the configuration's own among them, and that others may read: a text for each.
[[nodiscard]] std::vector<std::string> exposed_secrets(const LoadedConfig& loaded,
                                                       const std::vector<std::string>& files);

}  // namespace arbees::app
