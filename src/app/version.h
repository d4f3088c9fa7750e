#pragma once
// What this binary is: version, compiler, build type and git revision.

#include <string>

namespace arbees::app {

// "arbees 0.1.0 (g++ 12.2.0, RelWithDebInfo, 1a2b3c4)".
[[nodiscard]] std::string version_text();

}  // namespace arbees::app
