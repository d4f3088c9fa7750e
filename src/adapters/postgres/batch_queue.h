#pragma once
// Batches between the thread that makes them and the one that sends them: in memory while all is well, else in files.
//
// Batches leave in the order in which they came. What is in memory is older than what is in files; once a file is
// there, new batches become files, until all of them are gone. The first batch stays where it is until it is settled,
// so a process that dies leaves it behind if it was a file.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "adapters/postgres/spill.h"

namespace arbees::postgres {

struct QueueCounts {
  std::uint64_t pending_batches = 0;  // in memory
  std::uint64_t spilled_batches = 0;  // in files
  std::uint64_t spilled_bytes = 0;
  std::uint64_t spills = 0;        // that ever became files
  std::uint64_t rows_dropped = 0;  // of batches that found neither memory nor disk
  std::uint64_t damaged = 0;
  std::string trouble;  // of the folder
};

class BatchQueue {
 public:
  BatchQueue(std::string folder, std::uint64_t max_bytes, std::size_t max_pending);

  void add(Batch batch);
  // The first batch, which stays first; waits for one at most so long.
  [[nodiscard]] std::optional<Batch> first(std::chrono::milliseconds patience);
  // The first batch is in the database.
  void settle();
  // The first batch will never be: a file that is set aside.
  void refuse();
  // The database is away: everything becomes files.
  void spill_all();
  // Wakes who waits in first().
  void wake();

  [[nodiscard]] bool empty() const;
  [[nodiscard]] QueueCounts counts() const;

 private:
  void spill(const Batch& batch);

  mutable std::mutex lock_;
  std::condition_variable news_;
  std::deque<Batch> pending_;
  SpillFolder folder_;
  std::size_t max_pending_;
  QueueCounts counts_;
  bool is_woken_ = false;
};

}  // namespace arbees::postgres
