#pragma once
// The configuration for people: what is in force and where it came from, the guide, a sample file, a JSON schema.

#include <string>

#include "app/config/config.h"

namespace arbees::app {

// Secrets are shown as "(set)" or empty, never as they are.
[[nodiscard]] std::string config_table(const LoadedConfig& loaded);
[[nodiscard]] std::string config_json(const LoadedConfig& loaded);
[[nodiscard]] std::string profiles_table();
[[nodiscard]] std::string profiles_json();
// docs/configuration.md and config/arbees.toml: a test compares both with these.
[[nodiscard]] std::string config_guide();
[[nodiscard]] std::string config_sample();
// {"settings":[…]}: the guide's table for programs.
[[nodiscard]] std::string settings_json();
[[nodiscard]] std::string config_schema();

}  // namespace arbees::app
