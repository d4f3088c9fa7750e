#pragma once
// One connection to a PostgreSQL server. Errors are values; only connection.cpp sees the library.
//
// A connection belongs to one thread, except for interrupt(). Once the server is lost every call fails with
// Unreachable: open a new one. Outside of begin() and commit() each statement is a transaction of its own.
// If the server is lost during commit() nobody knows what became of the transaction: InDoubt.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/url.h"
#include "core/base/result.h"

namespace arbees::postgres {

enum class DatabaseTrouble : std::uint8_t {
  Unreachable,  // no server, or it went away
  Refused,      // it does not let us in, or the database does not exist
  InDoubt,      // lost while committing
  Sql,          // it does not accept the statement
};

struct DatabaseError {
  DatabaseTrouble trouble = DatabaseTrouble::Sql;
  std::string state;  // SQLSTATE, empty if the server did not speak
  std::string text;   // for people, without secrets

  // The values are wrong, not the moment: the same statement fails again.
  [[nodiscard]] bool is_about_values() const noexcept { return state.starts_with("22") || state.starts_with("23"); }
};

template <class Value>
using DatabaseResult = Result<Value, DatabaseError>;

using DatabaseField = std::optional<std::string>;
using DatabaseRow = std::vector<DatabaseField>;

struct DatabaseRows {
  std::vector<DatabaseRow> rows;
  std::uint64_t affected = 0;  // rows that were inserted, changed or deleted
};

struct ConnectionOptions {
  std::string application = "arbees";
  int connect_timeout_s = 3;
  int statement_timeout_ms = 60'000;  // 0: none
};

class Connection {
 public:
  [[nodiscard]] static DatabaseResult<std::unique_ptr<Connection>> open(const DatabaseUrl& url,
                                                                        const ConnectionOptions& options = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // One statement, or several without parameters. $1, $2 … stand for the parameters.
  DatabaseResult<DatabaseRows> run(const std::string& sql, const std::vector<DatabaseField>& parameters = {});
  // The single value of a query; nothing if it is null or there is no row.
  DatabaseResult<DatabaseField> value(const std::string& sql, const std::vector<DatabaseField>& parameters = {});

  DatabaseResult<bool> begin();
  DatabaseResult<bool> commit();
  // What was begun never happened.
  void rollback() noexcept;

  // Rows in COPY's text form, each with its newline, into "table (column, …)". Within a transaction only.
  DatabaseResult<bool> copy(const std::string& target, const std::string& lines);

  [[nodiscard]] bool is_lost() const noexcept;
  // From another thread: ends whatever waits for the server now, and the connection with it.
  void interrupt() noexcept;

 private:
  struct Parts;
  explicit Connection(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

// A value as COPY's text form has it: backslash, tab, newline and carriage return escaped.
void append_copy_text(std::string& line, std::string_view value);

}  // namespace arbees::postgres
