#pragma once
// An event journal with settlements as a sample for calibration: the live model against the book's mid.
//
// The journal runs through the same model that trades (live_model.h). Each contract is priced at fixed times before its
// close, each time with exactly the events received until then: what comes later is not read yet.

#include <string>
#include <vector>

#include "app/calibration/evaluate.h"
#include "core/base/result.h"
#include "core/market/ports.h"
#include "core/pricing/model_parameters.h"

namespace arbees::app {

struct JournalSettings {
  ModelParameters parameters;
  // Seconds before the close.
  std::vector<int> horizons_s = {3600, 1800, 900, 600, 300, 180, 60, 30, 10};
  std::vector<std::string> spot_files;  // Binance one-minute candles: volatility before and between sessions
};

struct JournalSample {
  Evaluation evaluation;
  std::int64_t contracts = 0;  // settled ones
  std::int64_t settlement_checked = 0;
  std::int64_t settlement_reproduced = 0;
};

// The error is a text for people.
[[nodiscard]] Result<JournalSample, std::string> walk_journal(EventSource& journal, const JournalSettings& settings);

}  // namespace arbees::app
