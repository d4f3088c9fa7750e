#pragma once
// A ledger and its copy in a database: whether they are equal, and the file made again from the copy.

#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/connection.h"
#include "core/base/result.h"

namespace arbees::app {

struct TableComparison {
  std::string table;
  std::uint64_t rows = 0;       // of the file
  std::uint64_t missing = 0;    // in the database
  std::uint64_t extra = 0;      // only in the database
  std::uint64_t different = 0;  // same key, other contents
  [[nodiscard]] bool is_equal() const noexcept { return missing == 0 && extra == 0 && different == 0; }
};

struct LedgerComparison {
  std::int64_t ledger = 0;
  std::vector<TableComparison> tables;
  [[nodiscard]] bool is_equal() const noexcept;
};

// Row by row and column by column; nothing may be written to either meanwhile. The error is a text for people.
[[nodiscard]] Result<LedgerComparison, std::string> compare_ledger(const std::string& path,
                                                                   postgres::Connection& connection);

// Whether the copies can be read: the error names the schema's version and what brings it up.
[[nodiscard]] Result<bool, std::string> check_copy_schema(postgres::Connection& connection);

struct CopiedLedger {
  std::int64_t ledger = 0;
  std::string mode;
  std::string started_at;
  std::string mirrored_at;
};
// All that the database has, the latest first.
[[nodiscard]] Result<std::vector<CopiedLedger>, std::string> copied_ledgers(postgres::Connection& connection);

// Makes a ledger file, which must not exist yet, from the rows of one ledger of the database.
[[nodiscard]] Result<bool, std::string> fetch_ledger(postgres::Connection& connection, std::int64_t ledger,
                                                     const std::string& path);

// A temporary ledger file from a database: that of the given file if the database knows it, else the latest one.
class FetchedLedger {
 public:
  [[nodiscard]] static Result<FetchedLedger, std::string> fetch(const std::string& url, const std::string& own_path);
  FetchedLedger(FetchedLedger&& other) noexcept;
  FetchedLedger& operator=(FetchedLedger&&) = delete;
  ~FetchedLedger();

  [[nodiscard]] std::string path() const { return folder_ + "/ledger.sqlite"; }
  [[nodiscard]] std::int64_t ledger() const noexcept { return ledger_; }

 private:
  FetchedLedger(std::string folder, std::int64_t ledger) : folder_(std::move(folder)), ledger_(ledger) {}
  std::string folder_;
  std::int64_t ledger_;
};

}  // namespace arbees::app
