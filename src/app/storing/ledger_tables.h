#pragma once
// The tables of a ledger as its copies in a database have them: one list for mirroring, comparing and fetching.

#include <string>
#include <string_view>
#include <vector>

namespace arbees::app {

struct LedgerTable {
  std::string_view name;
  // Those of the copy, without the ledger, the key's first.
  std::string_view columns;
  std::size_t key_columns = 1;
  // Rows are only ever added, with a growing first column; else rows change, too.
  bool only_grows = false;
  // What the first column is called in the ledger's file, if it is not a column of its own there.
  std::string_view first_in_file = {};

  [[nodiscard]] std::string key() const;              // the first `key_columns` of them
  [[nodiscard]] std::string columns_in_file() const;  // as they are read from the file
};

[[nodiscard]] const std::vector<LedgerTable>& ledger_tables();

}  // namespace arbees::app
