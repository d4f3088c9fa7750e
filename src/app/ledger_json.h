#pragma once
// The ledger in the forms that scripts and the dashboard read: JSON documents and CSV tables.
//
// Money, prices and quantities are decimal strings; times RFC 3339 with milliseconds; order ids sixteen
// hex digits. docs/ledger.md lists the fields.

#include <string>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_contents.h"

namespace arbees::app {

// ledger check --json.
[[nodiscard]] std::string audit_document(const LedgerContents& ledger, const LedgerAudit& audit);
// ledger export --json.
[[nodiscard]] std::string export_document(const LedgerContents& ledger);
// {"fills":[…]}: the dashboard's /api/fills.
[[nodiscard]] std::string fills_document(const LedgerContents& ledger);
[[nodiscard]] std::string orders_document(const LedgerContents& ledger);

struct OrderChoice {
  std::string venue;       // empty: any
  bool open_only = false;  // not known to have ended
};
// A ledger of these orders alone.
[[nodiscard]] LedgerContents chosen_orders(const LedgerContents& ledger, const OrderChoice& choice);

// {"positions":[{"venue","symbol","outcome","asset","quantity","cost","title"}]}.
[[nodiscard]] std::string positions_document(const LedgerAudit& audit);

// A header line and one line for each row; `table` is "orders", "fills" or "settlements".
[[nodiscard]] std::string csv_table(const LedgerContents& ledger, const std::string& table);

}  // namespace arbees::app
