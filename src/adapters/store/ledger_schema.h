#pragma once
// The tables of the ledger and how a file of an earlier version becomes one of this version.
//
// A ledger file is known by SQLite's application_id, its version by user_version; both are changed in
// the transaction of the migration, so that a crash leaves the version before or after it, never between.
// docs/ledger.md describes every table.

#include <cstdint>
#include <string>

#include "adapters/store/sqlite.h"

namespace arbees {

inline constexpr std::int64_t kLedgerSchemaVersion = 5;

// Makes a new file a ledger or brings an older ledger up to date; does nothing to a current one.
// Refuses databases of other programs and ledgers of later versions, with a text for people.
[[nodiscard]] Result<bool, std::string> migrate_ledger(Database& database);

// Whether this is a ledger that this build can read as it is; the error says why not.
[[nodiscard]] Result<bool, std::string> check_ledger_version(Database& database);

}  // namespace arbees
