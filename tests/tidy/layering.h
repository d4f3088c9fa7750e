#pragma once
// Who may include what: the layering rule and the places of third-party headers (docs/architecture.md).

#include <string>

#include "tests/tidy/source.h"

namespace arbees::tidy {

// Checks every #include of one file.
[[nodiscard]] Findings check_includes(const SourceFile& file);
// The packages whose headers this file includes ("libfmt-dev"), to be compared with scripts/packages.txt.
[[nodiscard]] std::vector<std::string> packages_used(const SourceFile& file);

}  // namespace arbees::tidy
