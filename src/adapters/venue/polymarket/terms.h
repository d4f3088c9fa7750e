#pragma once
// Terms of the two tokens of one Polymarket market from its Gamma object and its event's. Pure.
//
// The slug of the event names the family; the window comes from eventStartTime and endDate and must be the slug's;
// the rules text must have the family's known form from its first word; strikes stand in the question (the "title" of
// the rules) and must be the label's too. `version` decides which ids trade: "v1" clobTokenIds, "v2" positionIds; a
// missing or another one is refused. Index 0 of outcomes and ids belong together; which outcome it is, its label says.

#include <array>
#include <string>

#include "adapters/venue/catalog_entry.h"
#include "adapters/venue/json/json_document.h"

namespace arbees::polymarket {

// Fills both entries (in the venue's order of outcomes). False, with `problem`, if the object names no two tokens.
// `event` may be absent if the market brings its own `events`.
[[nodiscard]] bool read_market(const JsonView& market, const JsonView& event, std::array<CatalogEntry, 2>& entries,
                               std::string& problem);

}  // namespace arbees::polymarket
