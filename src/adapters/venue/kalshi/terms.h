#pragma once
// Terms of one Kalshi market from its REST object. Pure; fees are not in it (they belong to series and event).
//
// Structured fields first: strike_type, floor_strike, cap_strike, close_time, price_ranges, custom_strike. The rules
// text must have the known form of the family and say the same strike and the same instant; the time in the ticker
// (Eastern, of the close) must agree too. Any disagreement is a refusal.

#include <optional>

#include "adapters/venue/catalog_entry.h"
#include "adapters/venue/eastern_time.h"
#include "adapters/venue/json/json_document.h"
#include "adapters/venue/kalshi/families.h"

namespace arbees::kalshi {

// Fills everything but the fees; `entry` has nothing yet. False, with `problem`, if the object names no market at all.
[[nodiscard]] bool read_market(const JsonView& market, CatalogEntry& entry, std::string& problem);

// The close named by an event ticker ("KXBTC-26JUL1002", "KXBTC15M-26AUG170100"), as Eastern clock time.
[[nodiscard]] std::optional<CivilTime> ticker_time(std::string_view event_ticker) noexcept;

}  // namespace arbees::kalshi
