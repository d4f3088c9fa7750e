#pragma once
// The whole trading core as one event handler: markets → opportunities → requests → orders → positions.
//
// Halted is latched: it ends only with a Resume event. While halted nothing is sent but cancels and queries; answers
// to orders already out are still taken in. It comes as a Control event, or from within: a breached daily limit, too
// many errors, fills that cannot be placed. Any doubt about the record (journal) arrives as a Halt.

#include "core/engine/arbitrage_engine.h"
#include "core/engine/execution_engine.h"
#include "core/engine/model_engine.h"
#include "core/market/ports.h"

namespace arbees {

class TradingEngine final : public EventHandler {
 public:
  TradingEngine(const Capacity& capacity, const RiskLimits& limits);

  void on_event(const Event& event, Outputs& outputs) override;

  [[nodiscard]] const MarketState& market() const noexcept { return market_; }
  [[nodiscard]] const Portfolio& portfolio() const noexcept { return portfolio_; }
  [[nodiscard]] const ArbitrageEngine& arbitrage() const noexcept { return arbitrage_; }
  [[nodiscard]] const ExecutionEngine& execution() const noexcept { return execution_; }
  [[nodiscard]] const ModelEngine& model() const noexcept { return model_; }
  [[nodiscard]] FairValueResult fair_value(const Contract& contract, Timestamp now) noexcept {
    return model_.fair_value(contract, now);
  }
  [[nodiscard]] TradingState state() const noexcept { return state_; }
  // Why it is in that state.
  [[nodiscard]] ControlReason state_reason() const noexcept { return state_reason_; }

 private:
  void handle(const Event& event, const MarketState::Change& change, Outputs& outputs);
  void take_event(const Event& event, Outputs& outputs);
  void on(const Control& control, const Event& event, Outputs& outputs);
  void change_state(TradingState state, ControlReason reason, const Event& event, Outputs& outputs);
  void on_settlement(const ContractSettled& settled, const Event& event, Outputs& outputs);
  void trade(const Event& event, Outputs& outputs);
  void trade_on_model(const Event& event, Outputs& outputs);
  [[nodiscard]] ExecutionRequest request_for(const Opportunity& opportunity, const Event& event);

  MarketState market_;
  Portfolio portfolio_;
  RiskGate gate_;
  ArbitrageEngine arbitrage_;
  ModelEngine model_;
  ExecutionEngine execution_;
  TradingState state_ = TradingState::Active;
  ControlReason state_reason_ = ControlReason::Unstated;
};

}  // namespace arbees
