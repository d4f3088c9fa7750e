#pragma once
// Names in the environment that the predecessor read, and what stands for each here. A name that is set and not read is
// told of by `config check` and `doctor`: a limit that somebody relies on must not be silently without effect.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace arbees::app {

struct PredecessorName {
  std::string_view name;
  std::string_view meaning;  // what is to be set instead, or why there is nothing
};

// Those that are no environment name of a key (settings.h).
[[nodiscard]] std::span<const PredecessorName> predecessor_names() noexcept;

// A text for each that is set ("NAME=value", ended by a null pointer) and not read.
[[nodiscard]] std::vector<std::string> unread_predecessor_names(const char* const* environment);

}  // namespace arbees::app
