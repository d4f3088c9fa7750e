#pragma once
// The CLOB's documents about markets: compact, full and simplified, and the lifecycle events of the market channel.
//
// Base fees of 1000 basis points are what the venue shows and nobody pays; the effective fee is `fd`
// (docs/venues/polymarket.md). Cursors are base64 of a position: "MA==" the first, "LTE=" after the last.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/telemetry/json.h"
#include "sim/world.h"

namespace arbees::sim {

// Marketable orders are held before they are matched (the venue's flag on crypto).
[[nodiscard]] inline bool has_taker_delay(const Market& market) noexcept { return market.venue == Venue::Polymarket; }

// GET /clob-markets/{condition}
[[nodiscard]] std::string clob_market_info(const Market& market);
// GET /markets/{condition}
[[nodiscard]] std::string clob_market(const World& world, const Market& market);
// An entry of GET /simplified-markets
[[nodiscard]] std::string clob_simplified_market(const World& world, const Market& market);
// GET /markets-by-token/{token}: the numerically smaller id comes first.
[[nodiscard]] std::string clob_market_of_token(const Market& market);

// Events of the market channel.
[[nodiscard]] std::string new_market_event(const World& world, const Market& market, std::string_view timestamp);
[[nodiscard]] std::string market_resolved_event(const Market& market, std::string_view timestamp);

// All of the venue's markets, oldest first.
[[nodiscard]] std::vector<const Market*> clob_markets(const World& world);
// What one token is worth now: its payout once decided, else the middle of the book.
[[nodiscard]] Price token_price(const World& world, const Market& market, Outcome outcome);
// The fee's rate as a number of the wire: 70000 millionths are "0.07".
[[nodiscard]] std::string fee_rate_text(const Market& market);

// One page of `items`, each a JSON document: {"limit","count","next_cursor","data"}.
[[nodiscard]] std::string clob_page(const std::vector<std::string>& items, std::string_view cursor, std::size_t limit);

}  // namespace arbees::sim
