#pragma once
// The reason that the body of a dashboard's order gives: {"reason":"…"}.

#include <string>

namespace arbees::app {

// Empty if there is none, also where the body is anything else: a halt is not refused for the form of its reason.
[[nodiscard]] std::string reason_in(const std::string& body);

}  // namespace arbees::app
