// No line crashes `arbees sign`, and every answer is one line that is an object.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/sign_line.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto answer = arbees::app::answer_sign_line({reinterpret_cast<const char*>(bytes), size});
  const std::string_view json = answer.json;
  const bool is_object = json.starts_with('{') && json.ends_with('}');
  if (!is_object || json.find('\n') != std::string_view::npos) std::abort();
  return 0;
}
