#pragma once
// Everything that looks for profit, as one: markets in, opportunities that may become requests out.
//
// Whole systems and shards have it alike; they differ in what they do with a request. Of each event: take(), then what
// the caller has to do with the event himself, then next() until it gives nothing, each with its report(). Riskless
// profit comes first.

#include "core/engine/arbitrage_engine.h"
#include "core/engine/model_engine.h"

namespace arbees {

class OpportunityEngine {
 public:
  // Of the engine that decides, at the time of this event.
  struct Standing {
    TradingState state = TradingState::Halted;
    std::size_t open_requests = 0;
  };

  OpportunityEngine(const Capacity& capacity, MarketState& market, const Portfolio& portfolio, const RiskGate& gate);

  // The markets and detectors take the event in; reports opportunities that are over. A contract that is settled is
  // still there: releasing it is the caller's last step.
  void take(const Event& event, Outputs& outputs);

  // The next opportunity of this event that may become a request; null if there is none (any more).
  [[nodiscard]] const Opportunity* next(const Event& event, Standing standing, Outputs& outputs);
  // What became of it; no request if there was no room for one. Before any order, so that readers of the reports learn
  // why before they learn what.
  void report(const Event& event, RequestId request, Outputs& outputs);

  [[nodiscard]] const ArbitrageEngine& arbitrage() const noexcept { return arbitrage_; }
  [[nodiscard]] const ModelEngine& model() const noexcept { return model_; }
  [[nodiscard]] FairValueResult fair_value(const Contract& contract, Timestamp now) noexcept {
    return model_.fair_value(contract, now);
  }

 private:
  enum class Step : std::uint8_t { Arbitrage, Model, Done };

  void list_or_remove(const Event& event, const MarketState::Change& change);

  MarketState& market_;
  ArbitrageEngine arbitrage_;
  ModelEngine model_;
  const Contract* changed_ = nullptr;  // whose book is whole with this event
  Step step_ = Step::Done;
  bool is_of_model_ = false;  // the one that next() gave
};

// The request for an opportunity, not judged for room yet.
[[nodiscard]] ExecutionRequest request_for(const Opportunity& opportunity, RequestId id, Timestamp now) noexcept;

}  // namespace arbees
