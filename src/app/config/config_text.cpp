#include "app/config/config_text.h"

#include <fmt/format.h>

#include "adapters/telemetry/json.h"
#include "app/config/settings.h"

namespace arbees::app {
namespace {

std::string shown(const Setting& setting, const Config& config) {
  std::string value = setting.get(config, setting);
  if (setting.kind == SettingKind::Secret && !value.empty()) value = "(set)";
  return value;
}

// As it stands in a TOML file.
std::string toml_value(const Setting& setting, const std::string& value) {
  if (setting.kind == SettingKind::Number || setting.kind == SettingKind::Flag) return value;
  return fmt::format("\"{}\"", value);
}

}  // namespace

std::string config_table(const LoadedConfig& loaded) {
  std::string text;
  for (std::size_t i = 0; i < settings().size(); ++i) {
    const Setting& setting = settings()[i];
    text += fmt::format("{:<38} {:<55} {}\n", setting.name(), shown(setting, loaded.config), loaded.origins[i]);
  }
  return text;
}

std::string config_json(const LoadedConfig& loaded) {
  JsonWriter json;
  json.begin_object().key("settings").begin_array();
  for (std::size_t i = 0; i < settings().size(); ++i) {
    const Setting& setting = settings()[i];
    json.begin_object().field("name", setting.name()).field("value", shown(setting, loaded.config));
    json.field("origin", loaded.origins[i]).field("allowed", setting.allowed).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string profiles_table() {
  std::string text;
  for (const Profile& profile : profiles()) {
    text += fmt::format("{}: {}\n", profile.name, profile.help);
    for (const auto& [name, value] : profile.values) text += fmt::format("  {:<32} {}\n", name, value);
  }
  return text;
}

std::string profiles_json() {
  JsonWriter json;
  json.begin_object().key("profiles").begin_array();
  for (const Profile& profile : profiles()) {
    json.begin_object().field("name", profile.name).field("help", profile.help).key("values").begin_object();
    for (const auto& [name, value] : profile.values) json.field(name, value);
    json.end_object().end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string settings_json() {
  const Config defaults = default_config();
  JsonWriter json;
  json.begin_object().key("settings").begin_array();
  for (const Setting& setting : settings()) {
    const auto range = setting_range(setting);
    json.begin_object().field("key", setting.name()).field("default", setting.get(defaults, setting));
    json.field("range", setting.allowed).field("unit", range ? range->unit : std::string());
    json.field("reload", setting.is_reloadable).field("env", setting.variable());
    if (!setting.environment.empty()) json.field("also_env", setting.environment);
    json.field("help", setting.help).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string config_sample() {
  const Config defaults = default_config();
  std::string text =
      "# Every key with its default: what `arbees config docs --sample` prints. Uncomment what you change.\n";
  std::string section;
  for (const Setting& setting : settings()) {
    if (setting.section != section) {
      section = setting.section;
      text += fmt::format("\n[{}]\n", section);
    }
    text += fmt::format("# {} ({})\n#{} = {}\n", setting.help, setting.allowed, setting.key,
                        toml_value(setting, setting.get(defaults, setting)));
  }
  return text;
}

std::string config_schema() {
  const Config defaults = default_config();
  JsonWriter json(JsonWriter::Layout::Pretty);
  json.begin_object().field("$schema", "https://json-schema.org/draft/2020-12/schema").field("title", "arbees.toml");
  json.field("type", "object").key("properties").begin_object();
  for (const Setting& setting : settings()) {
    json.key(setting.name()).begin_object().field("description", setting.help + ": " + setting.allowed);
    const bool is_number = setting.kind == SettingKind::Number;
    const bool is_flag = setting.kind == SettingKind::Flag;
    json.field("type", is_number ? "number" : is_flag ? "boolean" : "string");
    const std::string value = setting.get(defaults, setting);
    if (is_number || is_flag) {
      json.key("default").raw(value);
    } else if (setting.kind != SettingKind::Secret) {
      json.field("default", value);
    }
    if (const auto range = setting_range(setting)) {
      json.key("minimum").raw(range->least).key("maximum").raw(range->most);
      if (!range->unit.empty()) json.field("x-unit", range->unit);
    }
    json.key("x-environment").begin_array().value(setting.variable());
    if (!setting.environment.empty()) json.value(setting.environment);
    json.end_array().field("x-secret", setting.kind == SettingKind::Secret);
    json.field("x-reloadable", setting.is_reloadable).end_object();
  }
  json.end_object().field("additionalProperties", false).end_object();
  return json.take();
}

}  // namespace arbees::app
