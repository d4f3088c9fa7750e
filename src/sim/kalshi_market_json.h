#pragma once
// Markets, events and series as Kalshi's REST API describes them (OpenAPI 3.32.0).
//
// Prices are dollars with four decimals, counts have two; an empty side is "0.0000" as a bid and "1.0000" as an ask.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/telemetry/json.h"
#include "sim/kalshi_limits.h"
#include "sim/kalshi_text.h"

namespace arbees::sim {

// "initialized", "active", …: the vocabulary of answers.
[[nodiscard]] std::string_view kalshi_status(ContractPhase phase) noexcept;
// "unopened", "open", …: the vocabulary of filters; false for a word that is none of them.
[[nodiscard]] bool matches_status_filter(std::string_view filter, ContractPhase phase) noexcept;
[[nodiscard]] bool is_status_filter(std::string_view filter) noexcept;

// "greater", "greater_or_equal", "less", "less_or_equal" or "between".
[[nodiscard]] std::string_view kalshi_strike_type(const Market& market) noexcept;
// strike_type, and floor_strike and cap_strike as far as they are known, into an open object.
void write_strikes(JsonWriter& json, const Market& market);
// price_level_structure and price_ranges, into an open object.
void write_grid(JsonWriter& json, const Market& market);

void write_market(JsonWriter& json, const KalshiShared& shared, const Market& market);
void write_event(JsonWriter& json, const KalshiShared& shared, const Event& event, bool with_markets);
// The series of this event.
void write_series(JsonWriter& json, const KalshiShared& shared, const Event& event);

// [[price, count], …] of one side's levels (best first, as the world has them), prices ascending; asks in No prices
// unless Yes prices are wanted.
void write_levels(JsonWriter& json, const std::vector<BookLevel>& levels, BookSide side, bool yes_prices);

}  // namespace arbees::sim
