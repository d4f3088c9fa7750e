#pragma once
// One line of `arbees sign`: a request to sign or to check a signature, answered without network or files.
//
// In and out are JSON; the fields are those of docs/venues/signing.md. Whatever held the line's secrets is wiped
// before the answer is given, but for the line itself, which belongs to the caller. Errors name the field and never
// its value.

#include <string>
#include <string_view>

namespace arbees::app {

struct LineAnswer {
  std::string json;  // one document, without line end
  bool is_error = false;
};

[[nodiscard]] LineAnswer answer_sign_line(std::string_view line);

}  // namespace arbees::app
