#include "app/reporting/text_table.h"

#include <algorithm>

namespace arbees::app {
namespace {

bool is_number(const std::string& cell) noexcept {
  return cell.find_first_not_of("0123456789.-+") == std::string::npos;
}

}  // namespace

std::string text_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  std::vector<bool> stands_right;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    widths.resize(std::max(widths.size(), rows[r].size()));
    stands_right.resize(widths.size(), rows.size() > 1);
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      widths[i] = std::max(widths[i], rows[r][i].size());
      if (r > 0 && !is_number(rows[r][i])) stands_right[i] = false;
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - row[i].size(), ' ');
      line += stands_right[i] ? blanks + row[i] : row[i] + blanks;
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace arbees::app
