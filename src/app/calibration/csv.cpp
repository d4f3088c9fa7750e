#include "app/calibration/csv.h"

#include <algorithm>
#include <charconv>

namespace arbees::app {

std::optional<double> parse_number(std::string_view text) {
  std::string digits(text);
  std::erase(digits, ',');
  double value = 0.0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<CsvReader> CsvReader::open(const std::string& path, bool has_header) {
  auto lines = LineReader::open(path);
  if (!lines) return std::nullopt;
  CsvReader reader(std::move(*lines));
  std::string_view line;
  if (!reader.lines_.next(line)) return reader;
  reader.split(line);
  if (has_header) {
    reader.names_ = reader.fields_;
    return reader;
  }
  for (std::size_t i = 0; i < reader.fields_.size(); ++i) reader.names_.push_back(std::to_string(i));
  reader.has_first_row_ = true;
  return reader;
}

void CsvReader::split(std::string_view line) {
  fields_.assign(1, {});
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      fields_.emplace_back();
    } else {
      fields_.back().push_back(c);
    }
  }
}

bool CsvReader::next() {
  if (has_first_row_) {
    has_first_row_ = false;
    return true;
  }
  std::string_view line;
  if (!lines_.next(line)) return false;
  split(line);
  return true;
}

std::optional<std::size_t> CsvReader::column(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

std::string_view CsvReader::text(std::string_view name) const {
  const auto at = column(name);
  return at && *at < fields_.size() ? std::string_view(fields_[*at]) : std::string_view();
}

std::optional<double> CsvReader::number(std::string_view name) const { return parse_number(text(name)); }

}  // namespace arbees::app
