#pragma once
// Rows for the database, taken from a trading thread without ever making it wait.
//
// Two threads work behind a ring: the collector makes batches of what was put in, the sender stores them. A batch and
// its number are one transaction, so nothing is stored twice. While the database is away, or slower than the rows come,
// batches go to files of the spill folder and are sent, in order, when it is back; nobody has to do anything. Lost, and
// counted, are only rows that find the ring full, the folder full or the disk broken. The schema is brought up to date
// at each connection.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "adapters/postgres/batch_queue.h"
#include "adapters/postgres/batch_store.h"
#include "core/base/spsc_ring.h"

namespace arbees::postgres {

// Work that the sender does with its connection between batches, such as mirroring a ledger. An error that is not
// about the connection is told, and the work tried again at the next time.
using Chore = std::function<DatabaseResult<bool>(Connection& connection)>;

struct WriterOptions {
  std::string spill_folder;
  std::uint64_t max_spill_bytes = 2'000'000'000;
  std::string process = "run";  // in the audit
  std::string writer;           // hex digits; empty: the time and chance
  std::size_t ring_rows = std::size_t{1} << 16;
  std::uint64_t max_batch_rows = 20'000;
  std::size_t max_pending = 16;  // batches in memory
  Duration flush_every = std::chrono::milliseconds(500);
  Duration chore_every = std::chrono::seconds(1);
  // A call to the database that takes longer counts as lost. Doubled, up to ten minutes, until a batch gets through.
  Duration patience = std::chrono::seconds(60);
  std::int64_t retention_days = 0;  // prices that are older are dropped; 0: never
  Chore chore;                      // may be empty
};

enum class WriterState : std::uint8_t {
  Connecting,
  Connected,
  Down,     // tried, and will be tried again
  Refused,  // a newer schema, a wrong password: will be tried again, more rarely
};
[[nodiscard]] std::string_view writer_state_name(WriterState state) noexcept;

struct WriterStatus {
  WriterState state = WriterState::Connecting;
  std::uint64_t rows_written = 0;  // committed
  std::uint64_t rows_dropped = 0;  // lost for good
  std::uint64_t batches_written = 0;
  std::uint64_t batches_repeated = 0;  // found already written
  std::uint64_t batches_refused = 0;   // set aside, because the database does not accept their values
  std::uint64_t connects = 0;
  QueueCounts queue;
  std::string last_trouble;  // for people, without secrets; kept when all is well again
  std::string chore_trouble;
};

class Writer {
 public:
  Writer(DatabaseUrl url, const WriterOptions& options);
  // As finish(), at once.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // By one thread, which never waits: a few nanoseconds. False, and counted, if the ring is full.
  bool put(const PriceRow& row) noexcept;
  // By any thread, away from anything that must be fast. A market's names come before its rows.
  void name(InstrumentId instrument, MarketNames names);
  // A whole line, with its newline, in COPY's text form. `at` is the time of a row of a partitioned table.
  void put_line(Table table, std::string line, Timestamp at = kNoTime);
  void note(Timestamp at, std::string_view kind, std::string_view detail);

  // Whether there is room for another row: for who would rather wait than lose it.
  [[nodiscard]] bool has_room() const noexcept { return ring_.size() < ring_.capacity(); }
  // Waits for nobody: what it tells may be half a second old.
  [[nodiscard]] WriterStatus status() const;

  // Everything put in so far goes to the database within this time, or to the spill folder. True: the database has it.
  bool finish(Duration patience);

 private:
  using Clock = std::chrono::steady_clock;

  struct Line {
    Table table = Table::Audit;
    std::string text;
    Timestamp at = kNoTime;
    InstrumentId instrument;  // not zero: names instead of a line
    MarketNames names;
  };

  void collect();
  bool take_lines();
  bool take_rows();
  void add_price(const PriceRow& row);
  void write_rows();
  void write_row(const PriceRow& row);
  void close_batch();
  void tell();
  void interrupt();

  void send();
  void send_first();
  void connect();
  void store(const Batch& batch);
  void do_chores();
  void drop_expired();
  void lose(const DatabaseError& error);
  void rest(Duration length);
  void publish();
  [[nodiscard]] bool is_over() const noexcept { return Clock::now().time_since_epoch().count() >= deadline_ns_; }

  const DatabaseUrl url_;
  const WriterOptions options_;

  // Between the putting thread and the collector.
  SpscRing<PriceRow> ring_;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::mutex lines_lock_;
  std::vector<Line> lines_;

  // The collector's own.
  Batch open_;
  std::vector<PriceRow> open_rows_;  // of the same batch, not yet its lines
  Clock::time_point open_since_;
  std::unordered_map<std::uint64_t, MarketNames> names_;

  // Shared.
  BatchQueue queue_;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<bool> is_collected_ = false;                  // the collector has ended
  std::atomic<bool> is_sent_ = false;                       // and so has the sender
  std::atomic<std::int64_t> deadline_ns_ = INT64_MAX;       // steady
  std::atomic<std::int64_t> in_call_since_ns_ = INT64_MAX;  // steady
  std::atomic<std::int64_t> patience_ns_;                   // of the next call
  std::mutex connection_lock_;                              // guards the pointer, not the connection
  mutable std::mutex status_lock_;                          // held to copy only
  WriterStatus status_;

  // The sender's own.
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<BatchStore> store_;
  WriterStatus told_;
  Clock::time_point next_chore_;
  Clock::time_point next_retention_;
  Duration backoff_{};
  bool is_finished_ = false;

  std::thread collector_;
  std::thread sender_;
};

}  // namespace arbees::postgres
