#include "app/config/options.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <utility>

#include "adapters/keystore/private_file.h"
#include "app/cli.h"
#include "app/config/settings.h"
#include "app/data_folder.h"
#include "app/refusal.h"

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

namespace {

// Of a URL: "//:PASSWORD@", "//USER:PASSWORD@", or in its options.
bool has_password(const std::string& url) {
  const std::size_t host = url.find("//");
  if (host == std::string::npos) return false;
  const std::size_t path = std::min(url.find('/', host + 2), url.size());
  const std::size_t at = url.rfind('@', path);
  const std::size_t colon = url.find(':', host + 2);
  const bool is_before_host = at != std::string::npos && at > host && colon < at && at > colon + 1;
  return is_before_host || url.find("password=") != std::string::npos;
}

}  // namespace

std::vector<std::string> exposed_secrets(const LoadedConfig& loaded, const std::vector<std::string>& files) {
  const Config& config = loaded.config;
  std::set<std::string> suspects{config.kalshi.private_key_file, config.polymarket.private_key_file,
                                 config.bus.curve_secret_key_file};
  const std::pair<const char*, bool> secrets[] = {
      {"venues.polymarket.private_key", !config.polymarket.private_key.empty()},
      {"redis.url", has_password(config.redis.url)},
      {"database.url", has_password(config.database.url)},
  };
  for (const auto& [name, is_secret] : secrets) {
    const std::string& origin = loaded.origins[setting_index(name)];
    for (const std::string& file : files) {
      if (is_secret && origin.starts_with(file + ":")) suspects.insert(file);
    }
  }
  std::vector<std::string> exposed;
  for (const std::string& path : suspects) {
    std::string text = path.empty() ? std::string() : exposed_file(path);
    if (!text.empty()) exposed.push_back(std::move(text));
  }
  return exposed;
}

Result<LoadedConfig, int> load_or_complain(const ConfigOptions& options, const char* command, bool is_json) {
  std::vector<std::string> errors = unknown_variables(environ);
  auto loaded = load_config(config_request(options));
  if (!loaded) errors.insert(errors.end(), loaded.error().begin(), loaded.error().end());
  int code = kUsage;
  if (errors.empty()) {
    code = kRefused;
    errors = exposed_secrets(*loaded, options.files);
  }
  if (errors.empty()) return std::move(*loaded);
  std::string all;
  for (const std::string& wrong : errors) {
    refuse(command, code, wrong, false);
    all += (all.empty() ? "" : "\n") + wrong;
  }
  if (is_json) print_refusal(code, all);
  return failure(code);
}

}  // namespace arbees::app
