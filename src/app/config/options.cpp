#include "app/config/options.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "adapters/keystore/private_file.h"
#include "app/cli.h"
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

void add_database_option(Command& command, ConfigOptions& options) {
  command.option(
      "--db", options.database,
      "PostgreSQL database, postgres://USER:PASSWORD@HOST:PORT/NAME (DATABASE_URL keeps the password out of ps)");
}

ConfigRequest config_request(const ConfigOptions& options) {
  ConfigRequest request;
  request.profile = options.profile;
  request.files = options.files;
  if (!options.database.empty()) request.overrides.emplace_back("database.url", options.database);
  request.overrides.insert(request.overrides.end(), options.overrides.begin(), options.overrides.end());
  request.environment = [](const char* name) { return environment(name); };
  return request;
}

std::vector<std::string> exposed_secrets(const LoadedConfig& loaded, const std::vector<std::string>& files) {
  std::vector<std::string> suspects{loaded.config.kalshi.private_key_file, loaded.config.polymarket.private_key_file};
  const std::string& origin = loaded.origins[setting_index("venues.polymarket.private_key")];
  for (const std::string& file : files) {
    const bool is_from_there = !loaded.config.polymarket.private_key.empty() && origin.starts_with(file + ":");
    if (is_from_there) suspects.push_back(file);
  }
  std::vector<std::string> exposed;
  for (const std::string& path : suspects) {
    std::string text = path.empty() ? std::string() : exposed_file(path);
    if (!text.empty()) exposed.push_back(std::move(text));
  }
  return exposed;
}

Result<LoadedConfig, int> load_or_complain(const ConfigOptions& options, const char* command) {
  std::vector<std::string> errors = unknown_variables(environ);
  auto loaded = load_config(config_request(options));
  if (!loaded) errors.insert(errors.end(), loaded.error().begin(), loaded.error().end());
  int code = kUsage;
  if (errors.empty()) {
    code = kRefused;
    errors = exposed_secrets(*loaded, options.files);
  }
  for (const std::string& wrong : errors) std::fprintf(stderr, "arbees %s: %s\n", command, wrong.c_str());
  if (!errors.empty()) return failure(code);
  return std::move(*loaded);
}

}  // namespace arbees::app
