#pragma once
// A small front of SQLite: a database, prepared statements, and errors as texts. Only sqlite.cpp sees the library.
//
// Not thread-safe: one database belongs to one thread. Texts given to bind() need to live until the
// statement has been stepped; texts read from a column until it is stepped again.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace arbees {

class Statement {
 public:
  enum class Step : std::uint8_t { Row, Done, Error };

  Statement() noexcept = default;
  explicit Statement(sqlite3_stmt* statement) noexcept : statement_(statement) {}

  // Binds all values in order, runs to the end and resets; false on any error. For statements without rows.
  template <class... Values>
  [[nodiscard]] bool run(const Values&... values) noexcept {
    start(values...);
    const bool is_done = step() == Step::Done;
    reset();
    return is_done;
  }
  // Binds all values in order; rows follow with step().
  template <class... Values>
  void start(const Values&... values) noexcept {
    reset();
    int index = 0;
    (bind(++index, values), ...);
  }
  [[nodiscard]] Step step() noexcept;
  void reset() noexcept;

  [[nodiscard]] std::int64_t integer(int column) const noexcept;
  [[nodiscard]] std::uint64_t identifier(int column) const noexcept {
    return static_cast<std::uint64_t>(integer(column));
  }
  [[nodiscard]] std::string_view text(int column) const noexcept;
  [[nodiscard]] bool is_null(int column) const noexcept;

 private:
  void bind(int index, std::int64_t value) noexcept;
  void bind(int index, std::uint64_t value) noexcept { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, int value) noexcept { bind(index, std::int64_t{value}); }
  void bind(int index, std::string_view text) noexcept;
  void bind(int index, const std::optional<std::int64_t>& value) noexcept;

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  enum class Access : std::uint8_t { ReadOnly, ReadWrite };  // ReadWrite makes the file if it is missing

  [[nodiscard]] static Result<Database, std::string> open(const std::string& path, Access access);

  // Runs one or several statements that give no rows.
  [[nodiscard]] bool execute(const char* sql) noexcept;
  // An invalid statement is our own mistake or a foreign file: error() tells which.
  [[nodiscard]] Result<Statement, std::string> prepare(std::string_view sql);
  // The single integer that a query gives; nothing on error or without a row.
  [[nodiscard]] std::optional<std::int64_t> query_integer(std::string_view sql);

  [[nodiscard]] std::int64_t last_row() const noexcept;
  // Rows that the last statement inserted, changed or deleted.
  [[nodiscard]] int changes() const noexcept;
  // The last error, with the path, for people.
  [[nodiscard]] std::string error() const;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> database_;
  std::string path_;
};

}  // namespace arbees
