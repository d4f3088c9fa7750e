#pragma once
// Where the files of this project are, for tests that read some of them or what lies beside the project. Compiled in
// one file only, so that all others come out the same in every checkout (and out of a compiler cache).

#include <string>
#include <string_view>

namespace arbees::testing_support {

// The absolute path of a file, named from the project's root ("docs/configuration.md", "../shared/data/").
[[nodiscard]] std::string project_file(std::string_view path);

}  // namespace arbees::testing_support
