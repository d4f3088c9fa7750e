#pragma once
// What a backtest says: its JSON document, its text and its HTML page.

#include <string>
#include <vector>

#include "app/reporting/backtest_run.h"
#include "app/reporting/opportunity_report.h"
#include "app/reporting/sweep.h"

namespace arbees::app {

struct BacktestReport {
  std::string command;  // that makes it again
  std::vector<std::string> journals;
  Config config;
  BacktestResult base;  // with the configured values
  std::vector<SweepAxis> axes;
  std::vector<Combination> combinations;
  std::vector<RunStatistics> swept;  // one for each combination
};

[[nodiscard]] std::string backtest_document(const BacktestReport& report);
[[nodiscard]] std::string backtest_text(const BacktestReport& report);
[[nodiscard]] std::string backtest_page(const BacktestReport& report);

}  // namespace arbees::app
