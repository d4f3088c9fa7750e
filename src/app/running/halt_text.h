#pragma once
// What people are told of a halt: that it began, that it ended, and how to end it.

#include <string>
#include <vector>

namespace arbees::app {

// Whether one of its reasons is that books and venue differ.
[[nodiscard]] bool is_for_difference(const std::string& reason);

// Of `halt`, without the end of the line: `before` and `after` are the latch's reasons, none where it was not halted.
[[nodiscard]] std::string halted_text(const std::vector<std::string>& before, const std::vector<std::string>& after);

// Of `resume`: `reason` is the halt's, empty if there was nothing to end.
[[nodiscard]] std::string resumed_text(bool has_changed, const std::string& reason, bool is_running);

// What a person does about the halt (or flattening) of this folder, in words that work as they are typed.
[[nodiscard]] std::string how_to_resume(const std::string& reason, const std::string& folder);

}  // namespace arbees::app
