#include "adapters/venue/json/level_message.h"

#include <algorithm>

namespace arbees {

LevelMessageReader::LevelMessageReader(const Layout& layout) : layout_(layout), fields_(layout.fields.size()) {}

const char* LevelMessageReader::read(std::string_view frame) {
  std::fill(fields_.begin(), fields_.end(), JsonScalar{});
  rows_.clear();
  depth_ = 0;
  seen_ = broken_ = 0;
  return walker_.walk(frame, *this);
}

void LevelMessageReader::begin_object(std::string_view key) {
  const bool is_root = context() == Context::Outside;
  const bool is_envelope =
      depth_ == 1 && context() == Context::Named && !layout_.envelope.empty() && key == layout_.envelope;
  if (context() == Context::List || context() == Context::Row) spoil_list();
  push(is_root || is_envelope ? Context::Named : Context::Ignored);
}

void LevelMessageReader::begin_array(std::string_view key) {
  switch (context()) {
    case Context::Named: return begin_list(key);
    case Context::List: rows_.emplace_back().list = static_cast<std::uint8_t>(list_); return push(Context::Row);
    case Context::Row: spoil_list(); return push(Context::Ignored);
    default: return push(Context::Ignored);
  }
}

void LevelMessageReader::begin_list(std::string_view key) {
  const auto found = std::find(layout_.lists.begin(), layout_.lists.end(), key);
  if (found == layout_.lists.end()) return push(Context::Ignored);
  list_ = static_cast<std::size_t>(found - layout_.lists.begin());
  seen_ |= 1U << list_;
  push(Context::List);
}

void LevelMessageReader::scalar(std::string_view key, const JsonScalar& value) {
  if (context() == Context::Row) {
    LevelRow& row = rows_.back();
    if (row.cell_count < LevelRow::kMaxCells) row.cells[row.cell_count++] = value;
  } else if (context() == Context::List) {
    spoil_list();
  } else if (context() == Context::Named) {
    const auto found = std::find(layout_.fields.begin(), layout_.fields.end(), key);
    if (found != layout_.fields.end()) fields_[static_cast<std::size_t>(found - layout_.fields.begin())] = value;
  }
}

}  // namespace arbees
