#pragma once
// Whether real orders were sent from a data folder: what may be armed again with a word on paper needs a reason there.

#include <string>

namespace arbees::app {

// By its ledger, as far as it can be read.
[[nodiscard]] bool has_live_sessions(const std::string& folder);
// One that cannot be read counts as live.
[[nodiscard]] bool is_live_folder(const std::string& folder);

inline constexpr const char* kReasonNeeded =
    "a halt of live trading ends with a reason: arbees resume --reason TEXT (what was wrong, and why it is not any "
    "more)";

}  // namespace arbees::app
