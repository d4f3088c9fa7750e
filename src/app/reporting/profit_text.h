#pragma once
// The parts of a ledger's profit as a document and as a table.

#include <string>

#include "app/reporting/profit_parts.h"

namespace arbees::app {

// {"settlement","trading","fees","open_cost","total","cash_change","positions_at_cost","parts":{…},"by_venue":{…},…}:
// the first five as cash flows (`profit`), the rest as parts (`breakdown`).
[[nodiscard]] std::string profit_document(const LedgerProfit& profit, const ProfitBreakdown& breakdown);
[[nodiscard]] std::string profit_text(const ProfitBreakdown& breakdown);

}  // namespace arbees::app
