#pragma once
// The whole trading core as one event handler: markets → opportunities → requests → orders → positions.

#include "core/engine/executing_engine.h"
#include "core/engine/opportunity_engine.h"

namespace arbees {

class TradingEngine final : public ExecutingEngine {
 public:
  TradingEngine(const Capacity& capacity, const RiskLimits& limits)
      : ExecutingEngine(capacity, limits), opportunities_(capacity, market_, portfolio_, gate_) {}

  void on_event(const Event& event, Outputs& outputs) override;

  [[nodiscard]] const ArbitrageEngine& arbitrage() const noexcept { return opportunities_.arbitrage(); }
  [[nodiscard]] const ModelEngine& model() const noexcept { return opportunities_.model(); }
  [[nodiscard]] FairValueResult fair_value(const Contract& contract, Timestamp now) noexcept {
    return opportunities_.fair_value(contract, now);
  }

 private:
  void trade(const Event& event, Outputs& outputs);

  OpportunityEngine opportunities_;
};

}  // namespace arbees
