#include "app/version.h"

namespace arbees::app {

std::string version_text() {
#ifdef __clang__
  const std::string compiler = "clang " __clang_version__;
#else
  const std::string compiler = "g++ " __VERSION__;
#endif
  return "arbees " ARBEES_VERSION " (" + compiler + ", " ARBEES_BUILD_TYPE ", " ARBEES_REVISION ")";
}

}  // namespace arbees::app
