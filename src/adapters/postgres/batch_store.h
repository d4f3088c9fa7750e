#pragma once
// Puts batches into a database, each at most once, however often it is sent.

#include <set>
#include <utility>

#include "adapters/postgres/batch.h"
#include "adapters/postgres/connection.h"

namespace arbees::postgres {

class BatchStore {
 public:
  enum class Outcome : std::uint8_t { Written, WasThere };

  // The connection outlives this.
  explicit BatchStore(Connection& connection) : connection_(connection) {}

  // The batch's rows and its number in one transaction.
  [[nodiscard]] DatabaseResult<Outcome> store(const Batch& batch);

 private:
  [[nodiscard]] DatabaseResult<bool> add_days(const Batch& batch);
  [[nodiscard]] DatabaseResult<Outcome> store_once(const Batch& batch);
  [[nodiscard]] DatabaseResult<Outcome> store_begun(const Batch& batch);
  [[nodiscard]] DatabaseResult<bool> store_part(const BatchPart& part);

  Connection& connection_;
  std::set<std::pair<Table, std::int32_t>> days_;  // whose partitions are there
};

// Lines into a table whose rows have a key: through a table of this transaction alone. `conflict` says what becomes of
// rows whose key is there, "DO NOTHING" or "(key) DO UPDATE SET …".
[[nodiscard]] DatabaseResult<std::uint64_t> copy_keyed(Connection& connection, const std::string& table,
                                                       const std::string& columns, const std::string& lines,
                                                       const std::string& conflict);

}  // namespace arbees::postgres
