#pragma once
// The table of all configuration keys: names, environment variables, allowed values, meanings.
//
// Every key is read from TOML as [section] key, and from the environment as ARBEES__SECTION__KEY (dots of the section
// become two underscores) or, where the seed gave it one, under its own name.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.h"

namespace arbees::app {

enum class SettingKind : std::uint8_t { Text, Url, File, Flag, Number, Secret };

struct Setting {
  std::string section;      // "limits", "venues.kalshi"
  std::string key;          // "min_edge_pct"
  std::string environment;  // the seed's own name, or empty
  SettingKind kind = SettingKind::Text;
  std::string allowed;  // for people: "0 to 100 percent"
  std::string help;
  std::string (*get)(const Config&, const Setting&) = nullptr;
  // Takes the text; false if it is not allowed.
  bool (*set)(Config&, const Setting&, std::string_view) = nullptr;
  std::size_t row = 0;  // of the limit or venue it belongs to
  // Whether a running process takes a new value at a reload; others need a restart.
  bool is_reloadable = false;

  [[nodiscard]] std::string name() const { return section + "." + key; }
  [[nodiscard]] std::string variable() const;  // ARBEES__LIMITS__MIN_EDGE_PCT
};

// "limits.min_edge_pct" of ARBEES__LIMITS__MIN_EDGE_PCT, whether there is such a key or not.
[[nodiscard]] std::string setting_of_variable(std::string_view variable);

// What `allowed` says of a number: its bounds and its unit.
struct SettingRange {
  std::string least;
  std::string most;
  std::string unit;  // empty: a bare number
};
// Nothing for settings that are no numbers.
[[nodiscard]] std::optional<SettingRange> setting_range(const Setting& setting);

[[nodiscard]] const std::vector<Setting>& settings();
// The row of "section.key"; settings().size() if there is none.
[[nodiscard]] std::size_t setting_index(std::string_view name);
// The known name nearest to a mistyped one.
[[nodiscard]] std::string nearest_setting(std::string_view name);

// What is wrong with the variables ("NAME=value", ended by a null pointer) that begin as those of keys do and name
// none. An empty one counts as unset.
[[nodiscard]] std::vector<std::string> unknown_variables(const char* const* environment);

// The rows of [metrics] and [log], in settings_telemetry.cpp.
void add_telemetry_settings(std::vector<Setting>& table);
// Those of [redis] and [shard], in settings_coordination.cpp.
void add_coordination_settings(std::vector<Setting>& table);

// Those of [listener], in settings_listener.cpp.
void add_listener_settings(std::vector<Setting>& table);

struct Profile {
  std::string_view name;
  std::string_view help;
  std::vector<std::pair<std::string_view, std::string_view>> values;  // name and value
};
[[nodiscard]] const std::vector<Profile>& profiles();

}  // namespace arbees::app
