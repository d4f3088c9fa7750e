#pragma once
// Trades on the spot model: watches contracts, judges what the watch finds, gives at most one request per quote.
//
// An opportunity is one outcome of one contract against one standing quote: it begins when the quote is left behind and
// ends when the quote moves. Its id is deterministic, each verdict about it is reported once, and it is requested at
// most once. A request goes through the same risk gate as all others and, beyond that, through limits of its own:
// the Kelly share, CRYPTO_MODEL_MAX_CLOSE_EXPOSURE for all that settles together, confidence. Until a session sets the
// model's parameters nothing is traded: recordings from before decide as they did.

#include <cstdint>

#include "core/arbitrage/model_edge.h"
#include "core/base/flat_table.h"
#include "core/engine/opportunity_lives.h"
#include "core/market/market_state.h"
#include "core/market/outputs.h"
#include "core/pricing/live_model.h"
#include "core/pricing/model_watch.h"
#include "core/risk/risk_gate.h"

namespace arbees {

class ModelEngine {
 public:
  ModelEngine(const Capacity& capacity, const MarketState& market, const Portfolio& portfolio, const RiskGate& gate);

  // Every event, after the market's state has taken it in. Reports opportunities that are over.
  void on_event(const Event& event, Outputs& outputs);

  // The next opportunity of this event that may become a request; null if there is none (any more). report() must
  // follow with what became of it.
  [[nodiscard]] const Opportunity* next(const Event& event, TradingState state, std::size_t open_requests,
                                        Outputs& outputs) noexcept;
  void report(const Event& event, RequestId request, Outputs& outputs) noexcept;

  // Fair value of a contract now, or why there is none.
  [[nodiscard]] FairValueResult fair_value(const Contract& contract, Timestamp now) noexcept {
    return model_.value(contract.terms, now);
  }
  [[nodiscard]] LiveModel& model() noexcept { return model_; }
  [[nodiscard]] const LiveModel& model() const noexcept { return model_; }
  [[nodiscard]] const ModelWatch& watch() const noexcept { return watch_; }
  // The opportunity judged last.
  [[nodiscard]] const Opportunity& judged() const noexcept { return opportunity_; }
  [[nodiscard]] std::uint64_t decision_count() const noexcept { return decisions_; }

 private:
  // One outcome of one contract against one quote.
  struct Life {
    OpportunityLives::Life seen;
    Timestamp quoted_at = kNoTime;
    std::uint32_t reported = 0;  // one bit for each verdict
  };

  void on_book(const BookUpdate& update, const Event& event, Outputs& outputs) noexcept;
  void list(InstrumentId id, Timestamp now);
  void remove(InstrumentId id, const Event& event, Outputs& outputs) noexcept;
  // The quote that the opportunities of this contract were judged against is gone.
  void end_lives(InstrumentId id, const Event& event, Outputs& outputs) noexcept;
  [[nodiscard]] Life* life_of(const ModelCandidate& candidate, const ModelOpinion& opinion, Timestamp now) noexcept;
  [[nodiscard]] Verdict judge(const Contract& contract, const ModelCandidate& candidate, const ModelOpinion& opinion,
                              TradingState state, std::size_t open_requests) noexcept;
  [[nodiscard]] Money bankroll() const noexcept;
  void note(Life& life, Verdict verdict) const noexcept;
  void write(const Life& life, Verdict verdict, const Event& event, Outputs& outputs) const noexcept;

  const MarketState& market_;
  const Portfolio& portfolio_;
  const RiskGate& gate_;
  LiveModel model_;
  ModelWatch watch_;
  FlatTable<Life> lives_;         // by contract and outcome
  FlatTable<Money> close_spent_;  // by asset and close: what accepted requests may cost
  Opportunity opportunity_;       // the one being judged
  Life* accepted_ = nullptr;
  std::uint64_t accepted_close_ = 0;
  std::size_t next_candidate_ = 0;
  std::uint64_t decisions_ = 0;
};

}  // namespace arbees
