#pragma once
// Equity of a run over time: cash of all venues plus what open positions have cost, less the opening cash.
//
// Open positions count as worth what they cost, fees included, so equity moves only by what is certain: sales and
// settlements.

#include <vector>

#include "app/trading_run.h"

namespace arbees::app {

struct EquityPoint {
  Timestamp at = kNoTime;
  Money equity;
};

class EquityCurve final : public RunObserver {
 public:
  void before(Timestamp now, const TradingEngine& engine) override;
  void after(const Event& cause, const Outputs& outputs, const TradingEngine& engine) override;

  // Where it changed, and at both ends.
  [[nodiscard]] std::vector<EquityPoint> points() const;

 private:
  Money opening_;
  EquityPoint first_;
  EquityPoint last_;
  std::vector<EquityPoint> changes_;
};

}  // namespace arbees::app
