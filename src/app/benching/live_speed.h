#pragma once
// `arbees bench --live`: what one process costs that holds many contracts on four venues.
//
// Everything is what `run` has: the feeds with their sockets, supervisors, decoders and equality checks, the session
// with journal and ledger, the engine, the status file four times a second. Two things differ: contracts are listed
// from the plan instead of from catalogs, and the venues are a process of this program's own (load_process.h).

#include <cstdint>
#include <string>

#include "app/benching/load_plan.h"
#include "core/base/result.h"

namespace arbees::app {

struct LiveSpeed {
  std::uint64_t contracts = 0;  // whose books are proven; the pairs of the spot venues not counted
  double seconds = 0.0;
  double processor_seconds = 0.0;  // of this process, system calls included
  std::uint64_t messages = 0;
  std::uint64_t events = 0;
  std::uint64_t gaps = 0;
  std::uint64_t equality_checks = 0;
  std::uint64_t equality_failures = 0;
  std::uint64_t resident_bytes = 0;       // at the end
  std::uint64_t peak_resident_bytes = 0;  // since the process began
  double us_p50 = 0.0;                    // from the read of a message to the end of all that it caused
  double us_p99 = 0.0;

  [[nodiscard]] double core_percent() const noexcept;
  [[nodiscard]] std::string to_json() const;
  [[nodiscard]] std::string to_text() const;
};

// The error is a text for people.
[[nodiscard]] Result<LiveSpeed, std::string> measure_live(LoadPlan plan, double seconds);

}  // namespace arbees::app
