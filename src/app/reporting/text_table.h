#pragma once
// Rows of cells as aligned columns for a terminal.

#include <string>
#include <vector>

namespace arbees::app {

// The first row is the head. Columns of numbers stand right, others left; a number is what begins with a digit or '-'.
[[nodiscard]] std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace arbees::app
