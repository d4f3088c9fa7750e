#include "core/base/assert.h"

#include <cstdlib>

namespace arbees {
namespace {

AssertionHandler g_handler = nullptr;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

void set_assertion_handler(AssertionHandler handler) noexcept { g_handler = handler; }

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  if (g_handler != nullptr) g_handler(condition, file, line);
  std::abort();
}

}  // namespace arbees
