#include "app/config/config.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/config/bus_endpoints.h"
#include "app/config/settings.h"
#include "app/config/toml_file.h"

namespace arbees::app {
namespace {

// The hosts that the venues document (docs/venues/); read-only access needs no key but on Kalshi's WebSocket.
struct Hosts {
  Venue venue;
  const char* rest;
  const char* ws;
};
constexpr Hosts kHosts[] = {
    {Venue::Kalshi, "https://external-api.kalshi.com/trade-api/v2", "wss://external-api-ws.kalshi.com/trade-api/ws/v2"},
    {Venue::Polymarket, "https://clob.polymarket.com", "wss://ws-subscriptions-clob.polymarket.com/ws"},
    {Venue::Coinbase, "https://api.exchange.coinbase.com", "wss://advanced-trade-ws.coinbase.com"},
    {Venue::Binance, "https://data-api.binance.vision", "wss://data-stream.binance.vision"},
    {Venue::Kraken, "https://api.kraken.com", "wss://ws.kraken.com/v2"},
    {Venue::Bitstamp, "https://www.bitstamp.net", "wss://ws.bitstamp.net"},
    {Venue::Gemini, "https://api.gemini.com", "wss://ws.gemini.com/?snapshot=-1"},
};

// What was tried last on each key decides; every step adds its errors and goes on.
class Loader {
 public:
  Loader() : origins_(settings().size(), "default") {}

  void set(std::string_view name, std::string_view value, const std::string& origin) {
    const std::size_t index = setting_index(name);
    if (index == settings().size()) {
      errors_.push_back(fmt::format("{}: there is no key {} (did you mean {}?)", origin, name, nearest_setting(name)));
      return;
    }
    const Setting& setting = settings()[index];
    if (!setting.set(config_, setting, value)) {
      const bool is_secret = setting.kind == SettingKind::Secret;
      errors_.push_back(fmt::format("{}: {} = {} is not allowed: {}", origin, name,
                                    is_secret ? "(secret)" : fmt::format("\"{}\"", value), setting.allowed));
      return;
    }
    origins_[index] = origin;
  }

  void take_profile(const std::string& name) {
    const auto& all = profiles();
    const auto it = std::find_if(all.begin(), all.end(), [&](const Profile& p) { return p.name == name; });
    if (it == all.end()) {
      std::string known;
      for (const Profile& profile : all) known += (known.empty() ? "" : ", ") + std::string(profile.name);
      errors_.push_back(fmt::format("--profile {}: there is no such profile (there are {})", name, known));
      return;
    }
    for (const auto& [key, value] : it->values) set(key, value, "profile " + name);
  }

  void take_file(const std::string& path) {
    const auto entries = read_toml_file(path);
    if (!entries) {
      errors_.push_back(entries.error());
      return;
    }
    for (const TomlEntry& entry : *entries) set(entry.name, entry.value, fmt::format("{}:{}", path, entry.line));
  }

  void take_environment(std::string (*environment)(const char* name)) {
    for (const Setting& setting : settings()) {
      for (const std::string& name : {setting.environment, setting.variable()}) {
        const std::string value = name.empty() ? std::string() : environment(name.c_str());
        if (!value.empty()) set(setting.name(), value, "environment " + name);
      }
    }
  }

  Result<LoadedConfig, ConfigErrors> finish() {
    if (errors_.empty()) check_relations();
    for (std::string& collision : bus_collisions(config_.bus)) errors_.push_back(std::move(collision));
    if (config_.listener.redis_streams && config_.redis.url.empty()) {
      errors_.emplace_back("listener.redis_streams = true needs redis.url (REDIS_URL): the Redis that has the streams");
    }
    if (!errors_.empty()) return failure(std::move(errors_));
    return LoadedConfig{std::move(config_), std::move(origins_)};
  }

 private:
  // The core knows limits by their variables; whoever must change one looks for its key.
  void check_relations() {
    std::string relation(broken_relation(config_.limits));
    if (relation.empty()) return;
    for (std::size_t i = 0; i < settings().size(); ++i) {
      const Setting& setting = settings()[i];
      if (setting.section != "limits" || setting.environment.empty()) continue;
      const auto at = relation.find(setting.environment);
      if (at == std::string::npos) continue;
      relation.replace(at, setting.environment.size(),
                       fmt::format("{} = {} ({})", setting.name(), setting.get(config_, setting), origins_[i]));
    }
    errors_.push_back(relation + ": lower the first or raise the second");
  }

  Config config_ = default_config();
  std::vector<std::string> origins_;
  ConfigErrors errors_;
};

}  // namespace

Config default_config() {
  Config config;
  for (const Hosts& hosts : kHosts) {
    config.venue(hosts.venue).rest_url = hosts.rest;
    config.venue(hosts.venue).ws_url = hosts.ws;
  }
  config.polymarket.gamma_url = "https://gamma-api.polymarket.com";
  config.polymarket.live_data_url = "wss://ws-live-data.polymarket.com";
  return config;
}

Result<LoadedConfig, ConfigErrors> load_config(const ConfigRequest& request) {
  Loader loader;
  if (!request.profile.empty()) loader.take_profile(request.profile);
  for (const std::string& file : request.files) loader.take_file(file);
  if (request.environment != nullptr) loader.take_environment(request.environment);
  for (const auto& [name, value] : request.overrides) loader.set(name, value, "command line");
  return loader.finish();
}

}  // namespace arbees::app
