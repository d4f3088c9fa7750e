#pragma once
// The database of a running process: prices through the writer, the ledger by mirroring, and what is told about both.
//
// Called by the trading thread, which nothing here ever makes wait. A database that is away is told once in the log and
// in the status; all is caught up when it is back.

#include <memory>
#include <string>

#include "adapters/postgres/writer.h"
#include "adapters/telemetry/json.h"
#include "app/config/config.h"
#include "app/storing/ledger_mirror.h"
#include "app/storing/price_tap.h"

namespace arbees::app {

struct DatabaseSinkOptions {
  DatabaseConfig config;
  std::string process;  // "run", "replay": in the audit
  std::string folder;   // of what waits for the database
  std::string ledger;   // file to mirror; empty: none
  LedgerMirror::Begin mirror = LedgerMirror::Begin::GoOn;
  std::string writer;   // empty: drawn
  bool in_time = true;  // false: batches are closed by their size alone, so that they are the same every time
};

class DatabaseSink {
 public:
  // The error names the setting. The folder is the caller's alone by now.
  [[nodiscard]] static Result<std::unique_ptr<DatabaseSink>, std::string> open(const DatabaseSinkOptions& options);

  [[nodiscard]] postgres::Writer& writer() noexcept { return *writer_; }
  // Once a second or so: tells in the log when the database goes or comes.
  void tick(Timestamp now);
  // The object "database" of the status.
  void write_status(JsonWriter& json) const;
  // Everything is stored, or kept for the next process. True: stored, the mirror included.
  bool finish(Duration patience, Timestamp now);
  // For people: why finish() answered false.
  [[nodiscard]] std::string trouble() const;

 private:
  DatabaseSink(const DatabaseSinkOptions& options, postgres::DatabaseUrl url);

  DatabaseSinkOptions options_;
  std::string shown_url_;
  LedgerMirror mirror_;                    // the sender's
  std::atomic<bool> is_mirrored_ = false;  // as of the last round
  std::unique_ptr<postgres::Writer> writer_;
  postgres::WriterState told_ = postgres::WriterState::Connecting;
  std::uint64_t told_dropped_ = 0;
  Timestamp next_look_ = kNoTime;
};

}  // namespace arbees::app
