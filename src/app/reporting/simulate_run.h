#pragma once
// The whole system on one generated market with faults, in virtual time, with every invariant checked.

#include <string>

#include "app/run_statistics.h"
#include "core/base/result.h"
#include "core/simulation/fault_injector.h"

namespace arbees::app {

// "none", "all", or a comma list of faults, each with a chance if wanted: "drop,late=0.2". The error names what is
// wrong and what is allowed.
[[nodiscard]] Result<FaultRates, std::string> parse_fault_rates(const std::string& text);

struct SimulatedSeed {
  std::uint64_t seed = 0;
  RunStatistics statistics;
  std::array<std::uint64_t, kInjectedFaultCount> faults{};
  std::string broken;  // the first invariant that did not hold; empty: all held
  std::uint64_t broken_at = 0;
};

// Two minutes of market. Run twice: the same seed must give the same digest, and that it does is an invariant, too.
[[nodiscard]] SimulatedSeed simulate_seed(std::uint64_t seed, const FaultRates& rates);

}  // namespace arbees::app
