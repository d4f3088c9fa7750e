#include "adapters/postgres/batch_store.h"

#include <fmt/format.h>

namespace arbees::postgres {

DatabaseResult<std::uint64_t> copy_keyed(Connection& connection, const std::string& table, const std::string& columns,
                                         const std::string& lines, const std::string& conflict) {
  const std::string staging = "arriving_" + table;
  const auto made = connection.run(fmt::format(
      "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA", staging, columns, table));
  if (!made) return failure(made.error());
  if (const auto copied = connection.copy(fmt::format("{} ({})", staging, columns), lines); !copied) {
    return failure(copied.error());
  }
  const auto added = connection.run(
      fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} ON CONFLICT {}", table, columns, columns, staging, conflict));
  if (!added) return failure(added.error());
  const auto dropped = connection.run("DROP TABLE " + staging);
  if (!dropped) return failure(dropped.error());
  return added->affected;
}

DatabaseResult<bool> BatchStore::add_days(const Batch& batch) {
  for (const BatchPart& part : batch.parts) {
    for (const std::int32_t day : part.days) {
      if (days_.contains({part.table, day})) continue;
      const auto added = connection_.run("SELECT arbees_add_day($1, $2::date)",
                                         {std::string(table_form(part.table).name), day_text(day)});
      if (!added) return failure(added.error());
      days_.insert({part.table, day});
    }
  }
  return true;
}

DatabaseResult<bool> BatchStore::store_part(const BatchPart& part) {
  const TableForm& form = table_form(part.table);
  const std::string table(form.name);
  const std::string columns(form.columns);
  if (!form.is_keyed) return connection_.copy(fmt::format("{} ({})", table, columns), part.lines);
  const auto added = copy_keyed(connection_, table, columns, part.lines, "DO NOTHING");
  if (!added) return failure(added.error());
  return true;
}

DatabaseResult<BatchStore::Outcome> BatchStore::store_begun(const Batch& batch) {
  // Two processes may carry on one writer's files; the row is the lock between them.
  const std::string number = std::to_string(batch.number);
  const auto claimed = connection_.run(
      "INSERT INTO writers AS w (writer, last_batch, row_count, updated_at) VALUES ($1, $2, $3, now()) "
      "ON CONFLICT (writer) DO UPDATE SET last_batch = $2, row_count = w.row_count + $3, updated_at = now() "
      "WHERE w.last_batch < $2",
      {batch.writer, number, std::to_string(batch.rows())});
  if (!claimed) return failure(claimed.error());
  if (claimed->affected == 0) return Outcome::WasThere;
  for (const BatchPart& part : batch.parts) {
    if (const auto stored = store_part(part); !stored) return failure(stored.error());
  }
  if (const auto committed = connection_.commit(); !committed) return failure(committed.error());
  return Outcome::Written;
}

DatabaseResult<BatchStore::Outcome> BatchStore::store_once(const Batch& batch) {
  // Partitions of their own accord: making one locks its table, which a long transaction should not.
  if (const auto added = add_days(batch); !added) return failure(added.error());
  if (const auto begun = connection_.begin(); !begun) return failure(begun.error());
  auto outcome = store_begun(batch);
  connection_.rollback();
  return outcome;
}

DatabaseResult<BatchStore::Outcome> BatchStore::store(const Batch& batch) {
  auto outcome = store_once(batch);
  // A partition that we know of may have been dropped meanwhile: the server says that the row fits nowhere.
  const bool is_homeless = !outcome && outcome.error().state == "23514" && !days_.empty();
  if (!is_homeless) return outcome;
  days_.clear();
  return store_once(batch);
}

}  // namespace arbees::postgres
