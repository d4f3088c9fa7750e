#pragma once
// `arbees bench --db URL`: rows a second into a database, and what its writer costs the trading thread.
//
// In a schema of its own ("arbees_bench"), which is dropped at the end: other contents of the database are not touched.
// The clock of the rows runs from the first row that is put in to the answer to the last COMMIT: ring, batches, text,
// COPY, partitions, indexes, the server's disk. Beside it stands what the server does with such text alone: prepared
// lines into a table without index or log, by the same connection's COPY.
// The trading thread's times are those of whole steps of the engine over a generated market, at a steady rate, with
// every change of a price stored.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace arbees::app {

struct StepTimes {
  std::string name;
  std::uint64_t steps = 0;
  std::int64_t p50_ns = 0;
  std::int64_t p90_ns = 0;
  std::int64_t p99_ns = 0;
  std::int64_t p999_ns = 0;
  std::int64_t max_ns = 0;
  std::uint64_t rows = 0;  // stored or spilled meanwhile
  std::uint64_t rows_dropped = 0;
};

struct DatabaseSpeed {
  std::uint64_t rows = 0;
  double seconds = 0.0;  // from the first row to the last commit
  std::uint64_t bare_rows = 0;
  double bare_seconds = 0.0;  // COPY alone
  std::string server;         // its settings that matter
  double load = 0.0;          // of the machine, in the minute before
  std::uint64_t spills = 0;
  std::uint64_t counted = 0;     // rows that the database then has
  std::vector<StepTimes> steps;  // without a writer, with one, and with a database that is away

  [[nodiscard]] std::string to_json() const;
  [[nodiscard]] std::string to_text() const;
};

// The error is a text for people.
[[nodiscard]] Result<DatabaseSpeed, std::string> measure_database(const std::string& url, std::uint64_t rows);

}  // namespace arbees::app
