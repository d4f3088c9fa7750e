#pragma once
// What every engine that sends orders has in common: markets, positions, limits, orders and the trading state.
//
// While halted (StateLatch) nothing is sent but cancels and queries; answers to orders already out are still taken in.
// A halt comes as a Control event, or from within: a breached daily limit, too many errors, fills that cannot be
// placed. Any doubt about the record (journal) arrives as a Halt. Who resumes on a day that has lost its limit reduces
// only, until the day ends or the limit is raised.

#include "core/engine/execution_engine.h"
#include "core/engine/state_latch.h"
#include "core/market/ports.h"

namespace arbees {

class ExecutingEngine : public EventHandler {
 public:
  [[nodiscard]] const MarketState& market() const noexcept { return market_; }
  [[nodiscard]] const Portfolio& portfolio() const noexcept { return portfolio_; }
  [[nodiscard]] const ExecutionEngine& execution() const noexcept { return execution_; }
  [[nodiscard]] TradingState state() const noexcept { return latch_.state(); }
  [[nodiscard]] ControlReason state_reason() const noexcept { return latch_.reason(); }

 protected:
  ExecutingEngine(const Capacity& capacity, const RiskLimits& limits)
      : market_(capacity),
        portfolio_(capacity),
        gate_(limits, market_, portfolio_),
        execution_(capacity, market_, portfolio_, gate_) {}

  // What an event says of orders, money, limits and settlements, and commands. The markets have taken it in before.
  void take_in(const Event& event, Outputs& outputs);
  // The last step of every event: what is due by now, and trouble that halts.
  void close(const Event& event, Outputs& outputs);

  MarketState market_;
  Portfolio portfolio_;
  RiskGate gate_;
  ExecutionEngine execution_;

 private:
  void on(const Control& control, const Event& event, Outputs& outputs);
  void obey(const Control& control, const Event& event, Outputs& outputs);

  StateLatch latch_;
  bool is_resumed_ = false;  // as far as the day's loss allows
};

}  // namespace arbees
