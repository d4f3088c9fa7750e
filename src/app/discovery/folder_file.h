#pragma once
// Small files of a data folder, read and written whole: a reader sees the old contents or the new, never a part.

#include <string>

#include "core/base/result.h"

namespace arbees::app {

[[nodiscard]] std::string path_in(const std::string& folder, const std::string& name);
// The error is a text for people; an absent file is one too.
[[nodiscard]] Result<std::string, std::string> read_whole(const std::string& path);
// Empty, or what went wrong. Makes the folder if it is not there.
[[nodiscard]] std::string write_whole(const std::string& folder, const std::string& name, const std::string& text);

}  // namespace arbees::app
