#pragma once
// How fast a stream of events goes through the whole engine: the same TradingRun as `replay`, on one core.
//
// Inside the clock: the source (reading or decoding), the simulated exchange, both books, detection, risk,
// execution, the digest and the statistics. Outside: building the engine and preparing the input.

#include <cstdint>
#include <functional>
#include <memory>

#include "core/market/ports.h"

namespace arbees::app {

struct RunSpeed {
  std::uint64_t passes = 0;
  std::uint64_t events = 0;   // of one pass
  double pass_seconds = 0.0;  // processor time of the median pass
  std::uint64_t ns_p50 = 0;   // of one event, the reading of the clock (about 25 ns) included
  std::uint64_t ns_p99 = 0;
  std::uint64_t digest = 0;     // of a pass
  bool is_repeatable = true;    // whether every pass had the same digest
  std::uint64_t decisions = 0;  // opportunities judged in one pass

  [[nodiscard]] double ns_mean() const noexcept;
};

using SourceMaker = std::function<std::unique_ptr<EventSource>()>;

// Runs the stream, made anew for every pass, for about so many seconds, but at least three times.
[[nodiscard]] RunSpeed measure_run(const SourceMaker& make_source, double seconds);

// 0 if no time has passed.
[[nodiscard]] double per_second(std::uint64_t count, double seconds) noexcept;

}  // namespace arbees::app
