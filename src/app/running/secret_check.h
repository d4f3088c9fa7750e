#pragma once
// Whether the keys and files that the settings name can be used: what a process would find out only when it starts, or
// when its first order is to be signed.

#include <string>
#include <vector>

#include "app/config/config.h"

namespace arbees::app {

// A text for each that cannot: it names the setting, and repeats no secret.
[[nodiscard]] std::vector<std::string> unusable_secrets(const Config& config);

}  // namespace arbees::app
