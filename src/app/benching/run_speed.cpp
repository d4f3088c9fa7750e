#include "app/benching/run_speed.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "app/benching/measure.h"
#include "app/trading_run.h"

namespace arbees::app {
namespace {

constexpr std::size_t kLeastPasses = 3;

struct Pass {
  double seconds = 0.0;
  std::uint64_t events = 0;
  std::uint64_t digest = 0;
  std::uint64_t decisions = 0;
};

Pass run_once(const SourceMaker& make_source) {
  const auto source = make_source();
  TradingRun run(*source, TradingRunOptions{});
  const double start = thread_seconds();
  while (run.step()) {
  }
  return {thread_seconds() - start, run.event_count(), run.digest(), run.engine().arbitrage().decision_count()};
}

// Every event by itself. Reading the clock would slow down the passes that count, so this is one of its own.
void time_events(const SourceMaker& make_source, NanosecondHistogram& histogram) {
  using Clock = std::chrono::steady_clock;
  const auto source = make_source();
  TradingRun run(*source, TradingRunOptions{});
  auto before = Clock::now();
  while (run.step()) {
    const auto after = Clock::now();
    histogram.add(std::chrono::nanoseconds(after - before).count());
    before = after;
  }
}

}  // namespace

double RunSpeed::ns_mean() const noexcept {
  return events == 0 ? 0.0 : pass_seconds * 1e9 / static_cast<double>(events);
}

double per_second(std::uint64_t count, double seconds) noexcept {
  return seconds > 0.0 ? static_cast<double>(count) / seconds : 0.0;
}

RunSpeed measure_run(const SourceMaker& make_source, double seconds) {
  RunSpeed speed;
  const auto histogram = std::make_unique<NanosecondHistogram>();
  time_events(make_source, *histogram);  // also warms caches
  speed.ns_p50 = histogram->quantile(0.5);
  speed.ns_p99 = histogram->quantile(0.99);
  std::vector<double> times;
  double spent = 0.0;
  while (times.size() < kLeastPasses || spent < seconds) {
    const Pass pass = run_once(make_source);
    speed.is_repeatable = speed.is_repeatable && (times.empty() || pass.digest == speed.digest);
    speed.events = pass.events;
    speed.digest = pass.digest;
    speed.decisions = pass.decisions;
    times.push_back(pass.seconds);
    spent += pass.seconds;
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  speed.passes = times.size();
  speed.pass_seconds = times[times.size() / 2];
  return speed;
}

}  // namespace arbees::app
