#include "core/market/event.h"

#include <algorithm>

namespace arbees {

bool set_symbol(InstrumentNamed& named, std::string_view symbol) noexcept {
  const std::size_t length = std::min(symbol.size(), named.symbol.size());
  named.symbol = {};
  std::copy_n(symbol.data(), length, named.symbol.data());
  named.length = static_cast<std::uint8_t>(length);
  return length == symbol.size();
}

}  // namespace arbees
