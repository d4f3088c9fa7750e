#include "app/import/csv.h"

#include "adapters/store/text_file.h"

namespace arbees::app {
namespace {

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> cells;
  for (std::size_t start = 0;;) {
    const std::size_t comma = line.find(',', start);
    cells.emplace_back(line.substr(start, comma - start));
    if (comma == std::string_view::npos) return cells;
    start = comma + 1;
  }
}

}  // namespace

std::string CsvTable::load(const std::string& path) {
  auto reader = LineReader::open(path);
  if (!reader) return path + ": " + std::string(read_error_text(reader.error()));
  std::string_view line;
  if (!reader->next(line)) return path + ": no header line";
  const std::vector<std::string> header = split(line);
  for (std::size_t i = 0; i < header.size(); ++i) columns_[header[i]] = i;
  while (reader->next(line)) {
    if (!line.empty()) rows_.push_back(split(line));
  }
  if (reader->error() != ReadError::None) return path + ": " + std::string(read_error_text(reader->error()));
  return {};
}

std::string_view CsvTable::cell(std::size_t row, std::string_view column) const {
  const auto found = columns_.find(column);
  if (found == columns_.end() || row >= rows_.size() || found->second >= rows_[row].size()) return {};
  return rows_[row][found->second];
}

}  // namespace arbees::app
