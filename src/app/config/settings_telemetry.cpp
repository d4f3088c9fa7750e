// The keys of [metrics] and [log]: how a process is watched.

#include <charconv>

#include "adapters/bus/endpoint.h"
#include "adapters/telemetry/log.h"
#include "app/config/settings.h"

namespace arbees::app {
namespace {

bool set_port(Config& config, const Setting&, std::string_view text) {
  std::int64_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 0 || port > 65'535) return false;
  config.metrics.port = port;
  return true;
}

bool set_address(Config& config, const Setting&, std::string_view text) {
  if (!bus::parse_endpoint("1", text)) return false;
  config.metrics.bind_address = std::string(text);
  return true;
}

bool set_level(Config& config, const Setting&, std::string_view text) {
  if (!parse_log_level(text)) return false;
  config.log.level = std::string(text);
  return true;
}

bool set_format(Config& config, const Setting&, std::string_view text) {
  if (text != "text" && text != "json") return false;
  config.log.format = std::string(text);
  return true;
}

}  // namespace

void add_telemetry_settings(std::vector<Setting>& table) {
  table.push_back({"metrics", "bind_address", "", SettingKind::Text, "address of this machine; 0.0.0.0: all",
                   "Where the port of the metrics is bound; elsewhere than on 127.0.0.1, whoever reaches it may read",
                   +[](const Config& config, const Setting&) { return config.metrics.bind_address; }, set_address, 0});
  table.push_back({"metrics", "port", "", SettingKind::Number, "0 to 65535; 0: none",
                   "Where /metrics is served for Prometheus, without a token; every process needs one of its own",
                   +[](const Config& config, const Setting&) { return std::to_string(config.metrics.port); }, set_port,
                   0});
  table.push_back({"log", "level", "", SettingKind::Text, "debug, info, warning or error",
                   "The least important lines that are written; `arbees log-level` changes it while a process runs",
                   +[](const Config& config, const Setting&) { return config.log.level; }, set_level, 0});
  table.push_back({"log", "format", "", SettingKind::Text, "text or json", "The form of the lines on standard error",
                   +[](const Config& config, const Setting&) { return config.log.format; }, set_format, 0});
}

}  // namespace arbees::app
