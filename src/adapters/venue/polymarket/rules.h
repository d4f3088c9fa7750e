#pragma once
// The rules texts of Polymarket's crypto families, from their first word, and the terms they mean.
//
// Each family has one or two known forms; a text outside them, a source, pair or time that is not the family's, and
// an instant that the fields tell differently are refusals. Wording and sources: docs/venues/discovery.md.

#include "adapters/venue/catalog_entry.h"
#include "adapters/venue/json/json_document.h"
#include "adapters/venue/polymarket/families.h"

namespace arbees::polymarket {

struct RuledMarket {
  JsonView market;
  JsonView event;
  const SlugParts& slug;
};

// Payoff, comparator, source, rounding, window and strike, as they are for the "Up" or "Yes" token.
void read_rules(const RuledMarket& ruled, CatalogEntry& entry);

}  // namespace arbees::polymarket
