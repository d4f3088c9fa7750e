#pragma once
// What people call a contract, from what the venue calls it: for tables and documents, never for decisions.

#include <string>

#include "adapters/store/ledger.h"
#include "adapters/venue/catalog_entry.h"

namespace arbees::app {

// "Bitcoin Up or Down - November 23, 1PM ET: Down"; on Kalshi, where every contract pays on Yes, the title alone. Empty
// if the venue has none. Printable ASCII of at most 120 characters, whatever the venue sent.
[[nodiscard]] std::string contract_title(const CatalogEntry& entry);

// The same with its asset, for the ledger.
[[nodiscard]] ContractDescription contract_description(const CatalogEntry& entry);

}  // namespace arbees::app
