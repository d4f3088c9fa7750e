#pragma once
// One backtest: recorded markets, paper execution with latency, depth and fees, and what came of it.
//
// From a journal only what the outside world said is taken. Orders, cash, positions, limits and commands of a session
// that was recorded with it are left out: a backtest asks what our settings would have made of these markets.

#include <string>
#include <vector>

#include "app/config/config.h"
#include "app/reporting/equity_curve.h"
#include "app/reporting/opportunity_watch.h"
#include "app/reporting/progress.h"
#include "app/run_statistics.h"

namespace arbees::app {

struct BacktestPlan {
  std::vector<std::string> journals;  // in order of time
  Config config;
  const volatile bool* stop = nullptr;
  std::uint64_t expected_events = 0;  // for the progress line; 0: not known
};

struct BacktestResult {
  RunStatistics statistics;
  std::vector<WatchedOpportunity> opportunities;
  std::vector<EquityPoint> equity;
  std::vector<std::string> complaints;  // about the journals
  std::uint64_t corrected_times = 0;
  bool is_corrupt = false;
};

// The error is about the journals, for people.
[[nodiscard]] Result<BacktestResult, std::string> run_backtest(const BacktestPlan& plan, Progress& progress);

}  // namespace arbees::app
