#include "app/config/options.h"

#include <cstdio>
#include <cstdlib>

#include "app/config/settings.h"
#include "app/data_folder.h"

namespace arbees::app {

void add_settings_options(Command& command, ConfigOptions& options) {
  command.option("--config", options.files, "TOML file with settings; may be given more than once, later ones win");
  std::string names;
  for (const Profile& profile : profiles()) names += (names.empty() ? "" : ", ") + std::string(profile.name);
  command.option("--profile", options.profile, "Limits to start from: " + names);
}

void add_config_options(Command& command, ConfigOptions& options) {
  add_settings_options(command, options);
  command.option("--data", options.data, kDataFolderHelp);
}

ConfigRequest config_request(const ConfigOptions& options) {
  ConfigRequest request;
  request.profile = options.profile;
  request.files = options.files;
  request.environment = [](const char* name) { return environment(name); };
  return request;
}

std::optional<LoadedConfig> load_or_complain(const ConfigOptions& options, const char* command) {
  auto loaded = load_config(config_request(options));
  if (loaded) return std::move(*loaded);
  for (const std::string& wrong : loaded.error()) std::fprintf(stderr, "arbees %s: %s\n", command, wrong.c_str());
  return std::nullopt;
}

}  // namespace arbees::app
