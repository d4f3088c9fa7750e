#pragma once
// Comma-separated files with a header line: columns by name, quoted fields, numbers parsed once.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/store/text_file.h"

namespace arbees::app {

class CsvReader {
 public:
  // `has_header` false: columns are named "0", "1", ….
  [[nodiscard]] static std::optional<CsvReader> open(const std::string& path, bool has_header = true);

  [[nodiscard]] bool next();
  [[nodiscard]] bool has_column(std::string_view name) const { return column(name).has_value(); }
  // Of the current row; empty if there is no such column or field.
  [[nodiscard]] std::string_view text(std::string_view name) const;
  // Thousands separators are dropped; nothing for text that is not one number.
  [[nodiscard]] std::optional<double> number(std::string_view name) const;

 private:
  explicit CsvReader(LineReader lines) : lines_(std::move(lines)) {}
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
  void split(std::string_view line);

  LineReader lines_;
  bool has_first_row_ = false;
  std::vector<std::string> names_;
  std::vector<std::string> fields_;
};

// The whole text as a number.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace arbees::app
