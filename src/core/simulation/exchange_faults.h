#pragma once
// What goes wrong between us and a venue, how often, and how long a venue takes to settle on chain.
//
// Rates are of orders (or of fills) per thousand. Without rates nothing goes wrong.

#include <cstdint>

#include "core/base/time.h"

namespace arbees {

struct ExchangeFaults {
  std::uint64_t lost_orders = 0;         // never get there; nothing is answered
  std::uint64_t lost_answers = 0;        // executed, and nothing of it is heard until somebody asks
  std::uint64_t repeated_answers = 0;    // heard twice
  std::uint64_t late_fills = 0;          // the end comes first and says that nothing was filled
  std::uint64_t failed_settlements = 0;  // of Polymarket's fills: matched, and undone on chain

  // Polymarket's fills are matched first, then mined, then confirmed.
  Duration mined_after = std::chrono::seconds(2);
  Duration final_after = std::chrono::seconds(5);
  Duration latest_fill = std::chrono::seconds(3);  // after its order's end
};

}  // namespace arbees
