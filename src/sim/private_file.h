#pragma once
// Files that hold keys: readable by their owner alone, also when they are written over.

#include <string>
#include <string_view>

namespace arbees::sim {

// Replaces the file; empty, or what went wrong.
[[nodiscard]] std::string write_private_file(const std::string& path, std::string_view text);

}  // namespace arbees::sim
