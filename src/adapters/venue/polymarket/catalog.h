#pragma once
// Polymarket's catalog: Gamma documents of events and markets in, two contracts per market out.
//
// Takes an event, a market, an array of either, and the pages of /events/keyset, /markets/keyset and /public-search,
// told apart by what they contain. A market that cannot be read is an anomaly and the others go on.

#include <span>
#include <string_view>

#include "adapters/venue/catalog_entry.h"
#include "adapters/venue/json/json_document.h"

namespace arbees::polymarket {

class Catalog {
 public:
  [[nodiscard]] CatalogPage add(std::string_view document);

  // The CLOB's own word on a market (GET /clob-markets/{condition id}) against what Gamma said: tokens and labels,
  // negative risk, fees; a difference refuses the entry. The tick is taken over, for the CLOB's is the newer one.
  // Returns what is wrong with the document itself, nullptr if nothing.
  [[nodiscard]] const char* check_clob_market(std::string_view document, std::span<CatalogEntry> entries);

 private:
  void add_event(const JsonView& event, CatalogPage& page);
  void add_market(const JsonView& market, const JsonView& event, CatalogPage& page);
  void add_item(const JsonView& item, CatalogPage& page);

  JsonDocument json_;
};

}  // namespace arbees::polymarket
