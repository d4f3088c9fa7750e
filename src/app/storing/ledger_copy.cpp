#include "app/storing/ledger_copy.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <unordered_map>

#include "adapters/postgres/migration.h"
#include "adapters/store/ledger.h"
#include "app/storing/ledger_mirror.h"
#include "core/base/hash.h"

namespace arbees::app {
namespace {

using postgres::Connection;
using postgres::DatabaseRow;

std::size_t count_of(std::string_view columns) {
  return static_cast<std::size_t>(std::count(columns.begin(), columns.end(), ',')) + 1;
}

// All rows of a query, in pieces: a table need not fit into memory twice.
Result<bool, std::string> each_row(Connection& connection, const std::string& sql,
                                   const std::function<Result<bool, std::string>(const DatabaseRow&)>& take) {
  if (const auto begun = connection.begin(); !begun) return failure(begun.error().text);
  const auto opened = connection.run("DECLARE pieces NO SCROLL CURSOR FOR " + sql);
  if (!opened) return failure(opened.error().text);
  for (;;) {
    const auto piece = connection.run("FETCH 5000 FROM pieces");
    if (!piece) return failure(piece.error().text);
    if (piece->rows.empty()) break;
    for (const DatabaseRow& row : piece->rows) {
      if (auto taken = take(row); !taken) return taken;
    }
  }
  connection.rollback();
  return true;
}

std::string copy_line(const DatabaseRow& row, std::size_t columns) {
  std::string line;
  for (std::size_t i = 0; i < columns; ++i) {
    if (i > 0) line += '\t';
    if (row[i]) {
      postgres::append_copy_text(line, *row[i]);
    } else {
      line += "\\N";
    }
  }
  return line;
}

std::uint64_t key_hash(std::string_view line, std::size_t columns) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < columns; ++i) end = std::min(line.find('\t', i == 0 ? 0 : end + 1), line.size());
  return hash64(line.substr(0, end));
}

Result<TableComparison, std::string> compare_table(Database& file, Connection& connection, const LedgerTable& table,
                                                   std::int64_t ledger) {
  TableComparison result;
  result.table = std::string(table.name);
  const std::size_t columns = count_of(table.columns);
  std::unordered_map<std::uint64_t, std::uint64_t> hashes;
  auto rows = file.prepare(fmt::format("SELECT {} FROM {}", table.columns_in_file(), table.name));
  if (!rows) return failure(rows.error());
  Statement::Step step;
  while ((step = rows->step()) == Statement::Step::Row) {
    std::string line;
    append_row(line, *rows, columns);
    hashes[key_hash(line, table.key_columns)] = hash64(line);
    ++result.rows;
  }
  if (step == Statement::Step::Error) return failure(file.error());
  const auto compared =
      each_row(connection, fmt::format("SELECT {} FROM {} WHERE ledger = {}", table.columns, table.name, ledger),
               [&](const DatabaseRow& row) -> Result<bool, std::string> {
                 const std::string line = copy_line(row, columns);
                 const auto known = hashes.find(key_hash(line, table.key_columns));
                 if (known == hashes.end()) {
                   ++result.extra;
                 } else {
                   if (known->second != hash64(line)) ++result.different;
                   hashes.erase(known);
                 }
                 return true;
               });
  if (!compared) return failure(compared.error());
  result.missing = hashes.size();
  return result;
}

// A field as SQL; columns of the ledger's tables are integers or texts, and the file knows which.
std::string literal(const postgres::DatabaseField& field) {
  if (!field) return "NULL";
  std::string text = "'";
  for (const char c : *field) text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

Result<bool, std::string> fill_table(Database& file, Connection& connection, const LedgerTable& table,
                                     std::int64_t ledger) {
  const std::string front = fmt::format("INSERT INTO {} ({}) VALUES (", table.name, table.columns_in_file());
  return each_row(connection, fmt::format("SELECT {} FROM {} WHERE ledger = {}", table.columns, table.name, ledger),
                  [&](const DatabaseRow& row) -> Result<bool, std::string> {
                    std::string sql = front;
                    for (std::size_t i = 0; i < row.size(); ++i) sql += (i > 0 ? ", " : "") + literal(row[i]);
                    sql += ")";
                    if (!file.execute(sql.c_str())) return failure(file.error());
                    return true;
                  });
}

}  // namespace

bool LedgerComparison::is_equal() const noexcept {
  return std::all_of(tables.begin(), tables.end(), [](const TableComparison& table) { return table.is_equal(); });
}

Result<bool, std::string> check_copy_schema(Connection& connection) {
  const auto state = postgres::read_schema(connection, postgres::migrations());
  if (!state) return failure(state.error().text);
  if (!state->problem.empty()) return failure(state->problem);
  if (state->version == static_cast<int>(postgres::migrations().size())) return true;
  return failure(fmt::format("the database has schema version {}; arbees db migrate brings it up to {}", state->version,
                             postgres::migrations().size()));
}

Result<LedgerComparison, std::string> compare_ledger(const std::string& path, Connection& connection) {
  if (const auto known = check_copy_schema(connection); !known) return failure(known.error());
  auto file = Database::open(path, Database::Access::ReadOnly);
  if (!file) return failure(file.error());
  const auto identity = ledger_identity(*file);
  if (!identity) return failure(identity.error());
  LedgerComparison comparison;
  comparison.ledger = identity->ledger;
  for (const LedgerTable& table : ledger_tables()) {
    auto compared = compare_table(*file, connection, table, identity->ledger);
    if (!compared) return failure(compared.error());
    comparison.tables.push_back(std::move(*compared));
  }
  return comparison;
}

Result<std::vector<CopiedLedger>, std::string> copied_ledgers(Connection& connection) {
  const auto rows = connection.run(
      "SELECT ledger, mode, started_at, mirrored_at FROM ledgers ORDER BY mirrored_at DESC NULLS LAST, started_at "
      "DESC");
  if (!rows) return failure(rows.error().text);
  std::vector<CopiedLedger> ledgers;
  for (const DatabaseRow& row : rows->rows) {
    CopiedLedger& ledger = ledgers.emplace_back();
    std::from_chars(row[0]->data(), row[0]->data() + row[0]->size(), ledger.ledger);
    ledger.mode = row[1].value_or("");
    ledger.started_at = row[2].value_or("");
    ledger.mirrored_at = row[3].value_or("");
  }
  return ledgers;
}

Result<bool, std::string> fetch_ledger(Connection& connection, std::int64_t ledger, const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return failure(path + ": exists already");
  {
    const auto made = Ledger::open(path, Ledger::Durability::Full);
    if (!made) return failure(made.error());
  }
  auto file = Database::open(path, Database::Access::ReadWrite);
  if (!file) return failure(file.error());
  if (!file->execute("PRAGMA foreign_keys = OFF; BEGIN")) return failure(file->error());
  for (const LedgerTable& table : ledger_tables()) {
    if (auto filled = fill_table(*file, connection, table, ledger); !filled) return filled;
  }
  if (!file->execute("COMMIT")) return failure(file->error());
  return true;
}

Result<FetchedLedger, std::string> FetchedLedger::fetch(const std::string& url, const std::string& own_path) {
  const auto database = postgres::DatabaseUrl::parse(url);
  if (!database) return failure("--db: " + database.error());
  auto connection = Connection::open(*database);
  if (!connection) return failure(connection.error().text);
  if (const auto known = check_copy_schema(**connection); !known) {
    return failure(database->shown() + ": " + known.error());
  }
  const auto ledgers = copied_ledgers(**connection);
  if (!ledgers) return failure(ledgers.error());
  if (ledgers->empty()) return failure(database->shown() + ": there is no ledger in this database");
  std::int64_t wanted = ledgers->front().ledger;
  if (auto file = Database::open(own_path, Database::Access::ReadOnly)) {
    const auto identity = ledger_identity(*file);
    const auto is_own = [&](const CopiedLedger& ledger) { return identity && ledger.ledger == identity->ledger; };
    if (std::any_of(ledgers->begin(), ledgers->end(), is_own)) wanted = identity->ledger;
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "arbees-ledger-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return failure(pattern + ": cannot be made");
  FetchedLedger fetched(pattern, wanted);
  if (const auto filled = fetch_ledger(**connection, wanted, fetched.path()); !filled) return failure(filled.error());
  return fetched;
}

FetchedLedger::FetchedLedger(FetchedLedger&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), ledger_(other.ledger_) {}

FetchedLedger::~FetchedLedger() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

}  // namespace arbees::app
