#include "adapters/store/ledger_rows.h"

#include <fmt/format.h>

#include "adapters/store/ledger_schema.h"

namespace arbees {

Result<Database, std::string> open_ledger_to_read(const std::string& path) {
  auto database = Database::open(path, Database::Access::ReadOnly);
  if (!database) return failure(database.error());
  const auto is_known = check_ledger_version(*database);
  if (!is_known) return failure(is_known.error());
  return std::move(*database);
}

LedgerContract LedgerRows::contract_at(const Statement& row, int column) const {
  LedgerContract contract;
  contract.instrument = row.identifier(column);
  contract.venue = row.text(column + 1);
  contract.asset = row.text(column + 2);
  contract.outcome = row.text(column + 3);
  const auto symbol = symbols_.find(contract.instrument);
  contract.symbol = symbol != symbols_.end() ? symbol->second : fmt::format("#{:016x}", contract.instrument);
  return contract;
}

bool LedgerRows::read_symbols() {
  return each("SELECT instrument, symbol FROM instruments",
              [&](const Statement& row) { symbols_.emplace(row.identifier(0), row.text(1)); });
}

}  // namespace arbees
