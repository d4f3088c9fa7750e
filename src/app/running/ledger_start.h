#pragma once
// Whether a session may begin on a ledger.
//
// Books that do not add up are traded on by nobody. Where they do, and orders have bought over a limit for no known
// reason, the session begins halted: positions can be reconciled, and somebody resumes with a reason. Of the same
// orders that is asked once.

#include <string>

#include "adapters/store/ledger_check.h"
#include "app/running/halt_latch.h"

namespace arbees::app {

// The first problem of the ledger of this folder, and what can be done; for people.
[[nodiscard]] std::string wrong_ledger(const std::string& folder, const LedgerAudit& audit);

// Empty, perhaps with the latch set; otherwise why no session begins.
[[nodiscard]] std::string start_on_ledger(const std::string& folder, const LedgerAudit& audit, Timestamp now);

}  // namespace arbees::app
