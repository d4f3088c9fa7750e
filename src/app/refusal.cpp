#include "app/refusal.h"

#include <fmt/format.h>

#include <cstdio>

#include "adapters/telemetry/json.h"
#include "app/cli.h"

namespace arbees::app {

std::string_view exit_code_name(int exit_code) noexcept {
  switch (exit_code) {
    case kDone: return "done";
    case kUsage: return "usage";
    case kBadInput: return "bad_input";
    case kRefused: return "refused";
    case kTimedOut: return "timed_out";
    case kNotFound: return "not_found";
    default: return "failed";
  }
}

void print_refusal(int exit_code, std::string_view text) {
  fmt::print("{}\n", error_document(exit_code_name(exit_code), text));
}

int refuse(std::string_view command, int exit_code, std::string_view text, bool is_json) {
  fmt::print(stderr, "arbees{}{}: {}\n", command.empty() ? "" : " ", command, text);
  if (is_json) print_refusal(exit_code, text);
  return exit_code;
}

}  // namespace arbees::app
