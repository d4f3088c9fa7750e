#pragma once
// What may be a venue's symbol: the records hold 86 characters, and symbols end up in logs and JSON.

#include <algorithm>
#include <string_view>

#include "core/market/event.h"

namespace arbees {

// 1 to 86 printable ASCII characters without space.
[[nodiscard]] inline bool is_symbol(std::string_view text) noexcept {
  return !text.empty() && text.size() <= sizeof(InstrumentNamed::symbol) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace arbees
