#include "adapters/store/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace arbees {
namespace {

constexpr int kBusyTimeoutMs = 5'000;  // another process may hold the write lock for one commit

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

Statement::Step Statement::step() noexcept {
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW: return Step::Row;
    case SQLITE_DONE: return Step::Done;
    default: return Step::Error;
  }
}

void Statement::reset() noexcept { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const noexcept { return sqlite3_column_int64(statement_.get(), column); }

std::string_view Statement::text(int column) const noexcept {
  const void* const bytes = sqlite3_column_text(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::is_null(int column) const noexcept {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Statement::bind(int index, std::int64_t value) noexcept { sqlite3_bind_int64(statement_.get(), index, value); }

void Statement::bind(int index, std::string_view text) noexcept {
  sqlite3_bind_text(statement_.get(), index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void Statement::bind(int index, const std::optional<std::int64_t>& value) noexcept {
  if (value) {
    bind(index, *value);
  } else {
    sqlite3_bind_null(statement_.get(), index);
  }
}

void Database::Close::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }

Result<Database, std::string> Database::open(const std::string& path, Access access) {
  const int flags = access == Access::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database;
  database.database_.reset(handle);
  database.path_ = path;
  if (code != SQLITE_OK) return failure(database.error());
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  sqlite3_extended_result_codes(handle, 1);
  return database;
}

bool Database::execute(const char* sql) noexcept {
  return sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

Result<Statement, std::string> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return failure(error());
  return Statement(statement);
}

std::optional<std::int64_t> Database::query_integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement || statement->step() != Statement::Step::Row) return std::nullopt;
  return statement->integer(0);
}

std::int64_t Database::last_row() const noexcept { return sqlite3_last_insert_rowid(database_.get()); }

int Database::changes() const noexcept { return sqlite3_changes(database_.get()); }

std::string Database::error() const {
  if (database_ == nullptr) return fmt::format("{}: out of memory", path_);
  return fmt::format("{}: {}", path_, sqlite3_errmsg(database_.get()));
}

}  // namespace arbees
