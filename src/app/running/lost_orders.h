#pragma once
// Orders and requests of a paper ledger whose end nobody can tell any more: the venue was simulated, and died with the
// process that had sent them.

#include <string>

#include "adapters/store/ledger.h"
#include "adapters/store/ledger_contents.h"

namespace arbees::app {

// Ends them all on record, as the first reports of the ledger's present session: an order with what was filled of it,
// the rest cancelled for the venue's error; a request with what its fills leave held. They enter no engine, so a
// session goes the same whatever was ended before it. `contents` is the ledger before. Empty, or what went wrong.
[[nodiscard]] std::string end_lost_orders(Ledger& ledger, const std::string& path, const LedgerContents& contents,
                                          Timestamp now);

}  // namespace arbees::app
