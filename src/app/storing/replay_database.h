#pragma once
// `replay --db postgres://…`: the ledger of a replay, and the prices of a recording, into a database.
//
// The ledger is a temporary file that is mirrored; a replay of the same journal replaces its rows. Prices of a
// session's own journal are not stored: the session did that. Those of a recording are, once, however often it is
// replayed: its batches have the same numbers every time.

#include <memory>
#include <string>

#include "adapters/store/journal_format.h"
#include "app/storing/database_sink.h"

namespace arbees::app {

class ReplayDatabase {
 public:
  // The error does not repeat the URL.
  [[nodiscard]] static Result<ReplayDatabase, std::string> open(const std::string& url);
  ReplayDatabase(ReplayDatabase&& other) noexcept;
  ReplayDatabase& operator=(ReplayDatabase&& other) noexcept;
  ~ReplayDatabase();

  [[nodiscard]] std::string ledger_file() const { return folder_ + "/ledger.sqlite"; }
  // After the ledger's session has begun.
  [[nodiscard]] std::string begin(const JournalHeader& header);
  // Null for journals whose prices are not stored.
  [[nodiscard]] MarketTap* tap() noexcept { return tap_.get(); }
  // Waits until everything is stored; empty, or why it is not.
  [[nodiscard]] std::string finish();

 private:
  ReplayDatabase(std::string folder, std::string url) : folder_(std::move(folder)), url_(std::move(url)) {}

  std::string folder_;
  std::string url_;
  std::unique_ptr<PriceTap> tap_;
  std::unique_ptr<DatabaseSink> sink_;
};

}  // namespace arbees::app
