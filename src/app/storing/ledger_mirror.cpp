#include "app/storing/ledger_mirror.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "adapters/postgres/batch_store.h"
#include "adapters/store/ledger_schema.h"
#include "core/base/hash.h"

namespace arbees::app {
namespace {

using postgres::Connection;
using postgres::DatabaseError;
using postgres::DatabaseResult;
using postgres::DatabaseTrouble;

// Of a table in one round: a transaction is to stay short.
constexpr std::size_t kMostRows = 50'000;

DatabaseError file_error(std::string text) { return {DatabaseTrouble::Sql, "", std::move(text)}; }

std::size_t count_of(std::string_view columns) {
  return static_cast<std::size_t>(std::count(columns.begin(), columns.end(), ',')) + 1;
}

// The first columns of a line.
std::string_view key_of(std::string_view line, std::size_t columns) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < columns; ++i) end = std::min(line.find('\t', end + (i == 0 ? 0 : 1)), line.size());
  return line.substr(0, end);
}

std::string conflict_of(const LedgerTable& table) {
  if (table.only_grows) return "DO NOTHING";
  std::string set;
  std::string_view rest = table.columns.substr(table.key().size() + 2);
  while (!rest.empty()) {
    const std::string_view column = rest.substr(0, rest.find(','));
    set += fmt::format("{}{} = EXCLUDED.{}", set.empty() ? "" : ", ", column, column);
    rest.remove_prefix(std::min(rest.size(), column.size() + 2));
  }
  return fmt::format("(ledger, {}) DO UPDATE SET {}", table.key(), set);
}

std::int64_t to_integer(const postgres::DatabaseField& field) {
  std::int64_t value = 0;
  if (field) std::from_chars(field->data(), field->data() + field->size(), value);
  return value;
}

}  // namespace

void append_row(std::string& line, const Statement& row, std::size_t columns) {
  for (std::size_t i = 0; i < columns; ++i) {
    if (i > 0) line += '\t';
    const int column = static_cast<int>(i);
    if (row.is_null(column)) {
      line += "\\N";
    } else {
      postgres::append_copy_text(line, row.text(column));
    }
  }
}

Result<LedgerIdentity, std::string> ledger_identity(Database& file) {
  auto first = file.prepare("SELECT mode, started_at_ns FROM sessions ORDER BY session LIMIT 1");
  if (!first) return failure(first.error());
  const auto step = first->step();
  if (step == Statement::Step::Error) return failure(file.error());
  if (step == Statement::Step::Done) return failure(file.path() + ": no session yet");
  LedgerIdentity identity;
  identity.mode = std::string(first->text(0));
  identity.started_at_ns = first->integer(1);
  // Positive, and never the 0 of what comes from the bus.
  const std::uint64_t hash = hash64(identity.mode, static_cast<std::uint64_t>(identity.started_at_ns));
  identity.ledger = static_cast<std::int64_t>(hash >> 1 | 1);
  return identity;
}

Result<LedgerMirror::Changes, std::string> LedgerMirror::new_rows(const LedgerTable& table, const TableMemory& memory) {
  const std::string columns = table.columns_in_file();
  const std::string key = columns.substr(0, columns.find(','));
  auto rows = file_->prepare(
      fmt::format("SELECT {} FROM {} WHERE {} > ? ORDER BY {} LIMIT {}", columns, table.name, key, key, kMostRows));
  if (!rows) return failure(rows.error());
  rows->start(memory.last);
  Changes changes;
  changes.last = memory.last;
  std::size_t count = 0;
  std::size_t last_begins_at = 0;  // where the lines of the highest key begin
  std::int64_t before_last = memory.last;
  const std::string front = fmt::format("{}\t", identity_.ledger);
  Statement::Step step;
  while ((step = rows->step()) == Statement::Step::Row) {
    if (rows->integer(0) != changes.last) {
      before_last = changes.last;
      changes.last = rows->integer(0);
      last_begins_at = changes.lines.size();
    }
    changes.lines += front;
    append_row(changes.lines, *rows, count_of(columns));
    changes.lines += '\n';
    ++count;
  }
  if (step == Statement::Step::Error) return failure(file_->error());
  if (count < kMostRows) return changes;
  // The last key may have more rows than were read: it comes whole the next time.
  changes.is_all = false;
  changes.lines.resize(last_begins_at);
  changes.last = before_last;
  return changes;
}

Result<LedgerMirror::Changes, std::string> LedgerMirror::changed_rows(const LedgerTable& table,
                                                                      const TableMemory& memory) {
  auto rows = file_->prepare(fmt::format("SELECT {} FROM {}", table.columns_in_file(), table.name));
  if (!rows) return failure(rows.error());
  Changes changes;
  const std::size_t columns = count_of(table.columns);
  std::string line;
  Statement::Step step = Statement::Step::Done;
  while (changes.hashes.size() < kMostRows && (step = rows->step()) == Statement::Step::Row) {
    line.clear();
    append_row(line, *rows, columns);
    const std::uint64_t key = hash64(key_of(line, table.key_columns));
    const std::uint64_t hash = hash64(line);
    const auto known = memory.hashes.find(key);
    if (known != memory.hashes.end() && known->second == hash) continue;
    changes.hashes.emplace_back(key, hash);
    changes.lines += fmt::format("{}\t{}\n", identity_.ledger, line);
  }
  if (step == Statement::Step::Error) return failure(file_->error());
  changes.is_all = step == Statement::Step::Done;
  return changes;
}

DatabaseResult<LedgerMirror::Changes> LedgerMirror::copy_table(Connection& connection, const LedgerTable& table,
                                                               TableMemory& memory) {
  if (table.only_grows && !memory.is_known) {
    const std::string key(table.columns.substr(0, table.columns.find(',')));
    const auto last = connection.value(fmt::format("SELECT max({}) FROM {} WHERE ledger = $1", key, table.name),
                                       {std::to_string(identity_.ledger)});
    if (!last) return failure(last.error());
    memory.last = to_integer(*last);
  }
  memory.is_known = true;
  auto changes = table.only_grows ? new_rows(table, memory) : changed_rows(table, memory);
  if (!changes) return failure(file_error(changes.error()));
  if (changes->lines.empty()) return std::move(*changes);
  const auto copied =
      postgres::copy_keyed(connection, std::string(table.name), fmt::format("ledger, {}", table.columns),
                           changes->lines, conflict_of(table));
  if (!copied) return failure(copied.error());
  return std::move(*changes);
}

DatabaseResult<bool> LedgerMirror::introduce(Connection& connection) {
  const std::string ledger = std::to_string(identity_.ledger);
  if (begin_ == Begin::Anew) {
    for (const LedgerTable& table : ledger_tables()) {
      const auto gone = connection.run(fmt::format("DELETE FROM {} WHERE ledger = $1", table.name), {ledger});
      if (!gone) return failure(gone.error());
    }
  }
  const auto version = file_->query_integer("PRAGMA user_version").value_or(0);
  const auto told = connection.run(
      "INSERT INTO ledgers (ledger, mode, started_at_ns, schema_version, mirrored_at) VALUES ($1, $2, $3, $4, now()) "
      "ON CONFLICT (ledger) DO UPDATE SET schema_version = EXCLUDED.schema_version, mirrored_at = now()",
      {ledger, identity_.mode, std::to_string(identity_.started_at_ns), std::to_string(version)});
  if (!told) return failure(told.error());
  return true;
}

DatabaseResult<bool> LedgerMirror::copy_all(Connection& connection) {
  if (const auto told = introduce(connection); !told) return failure(told.error());
  std::vector<Changes> all;
  memory_.resize(ledger_tables().size());
  for (std::size_t i = 0; i < ledger_tables().size(); ++i) {
    auto changes = copy_table(connection, ledger_tables()[i], memory_[i]);
    if (!changes) return failure(changes.error());
    all.push_back(std::move(*changes));
  }
  if (const auto committed = connection.commit(); !committed) return failure(committed.error());
  begin_ = Begin::GoOn;
  is_complete_ = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (ledger_tables()[i].only_grows) memory_[i].last = all[i].last;
    for (const auto& [key, hash] : all[i].hashes) memory_[i].hashes[key] = hash;
    is_complete_ = is_complete_ && all[i].is_all;
  }
  return true;
}

void LedgerMirror::forget() {
  memory_.clear();
  file_.reset();
  seen_version_ = -1;
  is_complete_ = false;
}

DatabaseResult<bool> LedgerMirror::round(Connection& connection) {
  if (!file_) {
    std::error_code ignored;
    if (!std::filesystem::exists(path_, ignored)) return true;
    auto opened = Database::open(path_, Database::Access::ReadOnly);
    if (!opened) return failure(file_error(opened.error()));
    file_ = std::make_unique<Database>(std::move(*opened));
    auto identity = ledger_identity(*file_);
    if (!identity) {
      forget();
      return true;
    }
    identity_ = *identity;
    if (const auto known = check_ledger_version(*file_); !known) {
      forget();
      return failure(file_error(known.error()));
    }
  }
  const auto version = file_->query_integer("PRAGMA data_version");
  if (is_complete_ && version && *version == seen_version_) return true;
  if (!file_->execute("BEGIN")) return failure(file_error(file_->error()));
  DatabaseResult<bool> copied = connection.begin();
  if (copied) copied = copy_all(connection);
  connection.rollback();
  static_cast<void>(file_->execute("COMMIT"));
  if (copied) {
    seen_version_ = version.value_or(-1);
  } else {
    forget();
  }
  return copied;
}

}  // namespace arbees::app
