// The rows of the settings' table about Redis and the shards that meet there.

#include <algorithm>
#include <charconv>

#include "adapters/redis/redis_address.h"
#include "app/config/settings.h"

namespace arbees::app {
namespace {

constexpr const char* kNameAllowed = "letters, digits, - _ . up to 64";

// Part of names of keys and channels.
bool is_name(std::string_view text) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), is_allowed);
}

template <auto Group, auto Member>
std::string get_text(const Config& config, const Setting&) {
  return config.*Group.*Member;
}

template <auto Member>
std::string get_seconds(const Config& config, const Setting&) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(config.shard.*Member).count());
}
template <auto Member, std::int64_t Least, std::int64_t Most>
bool set_seconds(Config& config, const Setting&, std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < Least || count > Most) return false;
  config.shard.*Member = std::chrono::seconds(count);
  return true;
}

bool set_url(Config& config, const Setting&, std::string_view text) {
  if (!text.empty() && !redis::parse_address(text)) return false;
  config.redis.url = std::string(text);
  return true;
}

bool set_instance(Config& config, const Setting&, std::string_view text) {
  if (!is_name(text)) return false;
  config.redis.instance = std::string(text);
  return true;
}

bool set_shard(Config& config, const Setting&, std::string_view text) {
  if (text.empty() || !is_name(text)) return false;
  config.shard.id = std::string(text);
  return true;
}

}  // namespace

void add_coordination_settings(std::vector<Setting>& table) {
  table.push_back({"redis", "url", "REDIS_URL", SettingKind::Secret,
                   "redis://[USER[:PASSWORD]@]HOST[:PORT][/DB] or unix:///PATH[?db=N]; empty: not used",
                   "Server of the kill switch, heartbeats and shard leases",
                   get_text<&Config::redis, &RedisConfig::url>, set_url, 0});
  table.push_back({"redis", "instance", "", SettingKind::Text,
                   std::string(kNameAllowed) + "; empty: the machine's name",
                   "Name of this process in health:hb:ROLE:INSTANCE", get_text<&Config::redis, &RedisConfig::instance>,
                   set_instance, 0});
  table.push_back({"shard", "id", "CRYPTO_SHARD_ID", SettingKind::Text, kNameAllowed,
                   "Name of this shard; no two shards of one Redis may share it",
                   get_text<&Config::shard, &ShardConfig::id>, set_shard, 0});
  table.push_back({"shard", "heartbeat_interval_secs", "CRYPTO_HEARTBEAT_INTERVAL_SECS", SettingKind::Number,
                   "1 to 30 seconds", "How often a shard publishes on shard:ID:heartbeat",
                   get_seconds<&ShardConfig::heartbeat_interval>, set_seconds<&ShardConfig::heartbeat_interval, 1, 30>,
                   0});
  table.push_back({"shard", "timeout_secs", "SHARD_TIMEOUT_SECS", SettingKind::Number, "2 to 600 seconds",
                   "After so long without a heartbeat the orchestrator moves a shard's assets",
                   get_seconds<&ShardConfig::timeout>, set_seconds<&ShardConfig::timeout, 2, 600>, 0});
}

}  // namespace arbees::app
