#pragma once
// Keeps a copy of a ledger in a database: the same rows, however and whenever either of the two was stopped.
//
// The ledger's file is the truth and this only reads it, so nothing that happens to the database can hold up or harm
// trading, and nothing needs to be kept for later. Each round copies, in one transaction, what is new in tables that
// only grow and what has changed in the others. The memory of what is there is made anew from the database after every
// error.

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/postgres/connection.h"
#include "adapters/store/sqlite.h"
#include "app/storing/ledger_tables.h"

namespace arbees::app {

struct LedgerIdentity {
  std::int64_t ledger = 0;
  std::string mode;
  std::int64_t started_at_ns = 0;
};

// Follows from the first session of the ledger; an error text if there is none yet.
[[nodiscard]] Result<LedgerIdentity, std::string> ledger_identity(Database& file);

class LedgerMirror {
 public:
  enum class Begin : std::uint8_t {
    GoOn,
    Anew,  // forget rows of this ledger that the database has: they may come from another version of the program
  };

  explicit LedgerMirror(std::string path, Begin begin = Begin::GoOn) : path_(std::move(path)), begin_(begin) {}

  // One round; all of the ledger if it is not too much for one. True also if there is no ledger yet.
  [[nodiscard]] postgres::DatabaseResult<bool> round(postgres::Connection& connection);
  // Whether the last round left nothing to do.
  [[nodiscard]] bool is_complete() const noexcept { return is_complete_; }
  // Whether there is a file with a session to mirror.
  [[nodiscard]] bool has_ledger() const noexcept { return file_ != nullptr; }

 private:
  struct TableMemory {
    bool is_known = false;
    std::int64_t last = 0;                                    // tables that grow: the highest key
    std::unordered_map<std::uint64_t, std::uint64_t> hashes;  // others: of keys, and of rows
  };
  struct Changes {
    std::string lines;  // with the ledger in front
    std::int64_t last = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> hashes;
    bool is_all = true;
  };

  [[nodiscard]] postgres::DatabaseResult<bool> copy_all(postgres::Connection& connection);
  [[nodiscard]] postgres::DatabaseResult<bool> introduce(postgres::Connection& connection);
  [[nodiscard]] postgres::DatabaseResult<Changes> copy_table(postgres::Connection& connection, const LedgerTable& table,
                                                             TableMemory& memory);
  [[nodiscard]] Result<Changes, std::string> new_rows(const LedgerTable& table, const TableMemory& memory);
  [[nodiscard]] Result<Changes, std::string> changed_rows(const LedgerTable& table, const TableMemory& memory);
  void forget();

  std::string path_;
  Begin begin_;
  std::unique_ptr<Database> file_;
  LedgerIdentity identity_;
  std::vector<TableMemory> memory_;
  std::int64_t seen_version_ = -1;  // of the file's contents
  bool is_complete_ = false;
};

// What of a row stands in COPY's text form, tabs between, without the newline.
void append_row(std::string& line, const Statement& row, std::size_t columns);

}  // namespace arbees::app
