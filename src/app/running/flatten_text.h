#pragma once
// What `flatten` has sold and what is left, of a status document, for people.

#include <string>
#include <vector>

namespace arbees::app {

// Whether trading only reduces: nothing is bought.
[[nodiscard]] bool is_reducing(const std::string& status);

// "flattening: …" and a line for each position that is left, without their ends; none while nothing is being sold off.
[[nodiscard]] std::vector<std::string> flatten_lines(const std::string& status);

// A status told before a halt ended the sales, as it is after the halt: that is why everything is left.
[[nodiscard]] std::string stopped_by_halt(const std::string& status);

}  // namespace arbees::app
