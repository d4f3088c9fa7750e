#pragma once
// The small CSV tables beside recordings: a header line, then rows; no quoting, which none of them uses.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace arbees::app {

class CsvTable {
 public:
  // An error text if the file cannot be read or has no header; "" if all is well.
  [[nodiscard]] std::string load(const std::string& path);

  [[nodiscard]] std::size_t row_count() const noexcept { return rows_.size(); }
  // The cell of a row in the named column; empty if there is no such column or cell.
  [[nodiscard]] std::string_view cell(std::size_t row, std::string_view column) const;

 private:
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace arbees::app
