#include "adapters/venue/json/candle_rows.h"

#include <algorithm>

namespace arbees {

const char* CandleRowReader::read(std::string_view json) {
  rows_.clear();
  venue_error_.clear();
  depth_ = 0;
  is_error_list_ = has_list_ = false;
  return walker_.walk(json, *this);
}

void CandleRowReader::begin_object(std::string_view) {
  const bool is_row = !keys_.empty() && is_in(Context::Array);
  if (is_row) rows_.emplace_back().count = keys_.size();
  push(is_row ? Context::Row : Context::Object);
}

void CandleRowReader::end_object() { depth_ -= 1; }

void CandleRowReader::begin_array(std::string_view key) {
  const bool is_row = keys_.empty() && is_in(Context::Array);
  if (is_row) rows_.emplace_back();
  is_error_list_ = key == "error";
  has_list_ = has_list_ || !is_error_list_;
  push(is_row ? Context::Row : Context::Array);
}

void CandleRowReader::scalar(std::string_view key, const JsonScalar& value) {
  if (is_in(Context::Row)) {
    Row& row = rows_.back();
    if (!keys_.empty()) {
      const auto found = std::find(keys_.begin(), keys_.end(), key);
      if (found != keys_.end()) row.cells[static_cast<std::size_t>(found - keys_.begin())] = value.text;
    } else if (row.count < kColumns) {
      row.cells[row.count++] = value.text;
    }
    return;
  }
  const bool is_error = key == "error" || key == "message" || key == "msg" || key == "code" || key == "reason" ||
                        (is_in(Context::Array) && is_error_list_);
  if (!is_error || !value.has_value()) return;
  if (!venue_error_.empty()) venue_error_ += ": ";
  venue_error_ += value.text;
}

CandleAnswer read_candle_rows(CandleRowReader& reader, std::string_view json, const CandleColumns& columns,
                              Timestamp now) {
  if (const char* error = reader.read(json)) return failure(std::string(error));
  if (!reader.venue_error().empty()) return failure("the venue says: " + reader.venue_error());
  if (!reader.has_list()) return failure(std::string("no list of candles"));
  CandleBuilder builder(columns.order, now);
  for (const CandleRowReader::Row& row : reader.rows()) {
    const std::string_view time = row.cells[columns.time];
    builder.add(columns.is_milliseconds ? candle_time_ms(time) : candle_time_s(time),
                CandleText{row.cells[columns.open], row.cells[columns.high], row.cells[columns.low],
                           row.cells[columns.close], row.cells[columns.volume]});
  }
  return builder.take();
}

}  // namespace arbees
