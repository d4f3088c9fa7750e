#pragma once
// The keys of a TOML file as text, with their lines.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace arbees::app {

struct TomlEntry {
  std::string name;   // "venues.kalshi.rest_url"
  std::string value;  // of strings, integers, decimals and booleans, as they would stand in the environment
  std::uint32_t line = 0;
};

// Every leaf of the file, in file order. The error names file and line. Arrays and dates are wrong here.
[[nodiscard]] Result<std::vector<TomlEntry>, std::string> read_toml_file(const std::string& path);

}  // namespace arbees::app
