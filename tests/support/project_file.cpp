#include "tests/support/project_file.h"

namespace arbees::testing_support {

std::string project_file(std::string_view path) { return std::string(ARBEES_SOURCE_DIR "/").append(path); }

}  // namespace arbees::testing_support
