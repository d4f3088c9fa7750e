#pragma once
// The fast way to read the one message that matters for speed: `orderbook_delta`.
//
// It understands exactly the flat form the venue sends: known keys, in any order, each once, plain
// strings without escapes, plain integers, no white space except after the frame. Whatever else comes
// makes it give up, and the general reader decides: so it may refuse anything but must never accept
// what the general reader would read differently (kalshi/delta_scan_test.cpp holds it to that).

#include <cstdint>
#include <string_view>

#include "core/base/time.h"
#include "core/market/order_book.h"
#include "core/market/values.h"

namespace arbees::kalshi {

struct ScannedDelta {
  std::string_view ticker;
  std::uint64_t sid = 0;
  std::uint64_t sequence = 0;
  Price price;  // of the side's outcome
  Quantity change;
  Timestamp exchange_at = kNoTime;
  BookSide side = BookSide::Bid;  // yes: Bid
};

// False: not this form; nothing is known about the frame then. `frame` is followed by kFramePadding bytes.
[[nodiscard]] bool scan_delta(std::string_view frame, ScannedDelta& delta) noexcept;

}  // namespace arbees::kalshi
