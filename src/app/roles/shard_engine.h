#pragma once
// The shard's core: markets in, requests out. It decides, and others execute.
//
// The same detectors, model, portfolio and risk gate as in a whole system, but a request is one thing here: it is under
// way, with its risk kept aside, until the executor has said what is held of it. Only then is there a position, and
// nothing is sent to complete or unwind it: that is the executor's business. Purely a state machine, as everything in
// the core; answers come by conclude().

#include <array>
#include <cstdint>

#include "core/base/flat_table.h"
#include "core/engine/opportunity_engine.h"
#include "core/engine/state_latch.h"
#include "core/market/ports.h"
#include "core/risk/portfolio.h"
#include "core/risk/rate_window.h"
#include "core/risk/risk_gate.h"

namespace arbees::app {

// What is held of one leg, and what it has cost.
struct HeldLeg {
  Quantity quantity;
  Money cost;  // without fees
  Money fees;
};
using HeldLegs = std::array<HeldLeg, kMaxLegs>;

struct OpenRequest {
  BoundedVector<Leg, kMaxLegs> legs;
  std::array<Money, kMaxLegs> reserved{};
  Detector detector = Detector::SameMarket;
};

class ShardEngine final : public EventHandler {
 public:
  ShardEngine(const Capacity& capacity, const RiskLimits& limits);

  void on_event(const Event& event, Outputs& outputs) override;
  // The request is over, and this is held of it, leg by leg. An unknown request changes nothing.
  void conclude(RequestId request, const HeldLegs& held);

  [[nodiscard]] TradingState state() const noexcept { return latch_.state(); }
  [[nodiscard]] const MarketState& market() const noexcept { return market_; }
  [[nodiscard]] const Portfolio& portfolio() const noexcept { return portfolio_; }
  [[nodiscard]] const ArbitrageEngine& arbitrage() const noexcept { return opportunities_.arbitrage(); }
  [[nodiscard]] const ModelEngine& model() const noexcept { return opportunities_.model(); }
  [[nodiscard]] std::size_t open_requests() const noexcept { return open_.size(); }

 private:
  void take_in(const Event& event, Outputs& outputs);
  void settle(const ContractSettled& settled) noexcept;
  void trade(const Event& event, Outputs& outputs);
  [[nodiscard]] bool has_room(const ExecutionRequest& request, const Outputs& outputs) const;
  void begin(const ExecutionRequest& request, Outputs& outputs);

  MarketState market_;
  Portfolio portfolio_;
  RiskGate gate_;
  OpportunityEngine opportunities_;
  StateLatch latch_;
  FlatTable<OpenRequest> open_;  // by request
  RateWindow legs_in_minute_{std::chrono::minutes(1)};
  RateWindow legs_in_hour_{std::chrono::hours(1)};
  std::uint64_t last_request_ = 0;
};

}  // namespace arbees::app
