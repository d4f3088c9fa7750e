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
  const auto found = instruments_.find(contract.instrument);
  if (found == instruments_.end()) {
    contract.symbol = fmt::format("#{:016x}", contract.instrument);
    return contract;
  }
  contract.symbol = found->second.symbol;
  contract.listed_asset = found->second.asset;
  contract.title = found->second.title;
  return contract;
}

bool LedgerRows::read_instruments() {
  return each("SELECT instrument, symbol, asset, title FROM instruments", [&](const Statement& row) {
    instruments_.emplace(row.identifier(0),
                         Instrument{std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3))});
  });
}

}  // namespace arbees
