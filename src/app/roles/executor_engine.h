#pragma once
// The executor's core: markets and orders, but no decisions of its own: what is bought is asked for from outside.
//
// The same execution engine, portfolio and risk gate as in a whole system. An offer is judged by the books of this
// process, at the moment of the event it comes with: trading state, proof and age of the books, tradability, minimum
// order, requests under way, exposure limits and cash. Edge is the sender's business, who knows why he wants it.
// Money limits refuse; they never make an offer smaller than it was asked for.

#include <optional>

#include "core/engine/executing_engine.h"

namespace arbees::app {

struct Offer {
  RequestId request;
  std::uint64_t opportunity_id = 0;
  Timestamp deadline = kNoTime;
  Detector detector = Detector::CrossVenue;  // whose limits count
  Money guaranteed;                          // as the sender reckons; 0: not stated
  BoundedVector<Leg, kMaxLegs> legs;         // cost and fee: the most that they can be
};

class ExecutorEngine final : public ExecutingEngine {
 public:
  ExecutorEngine(const Capacity& capacity, const RiskLimits& limits) : ExecutingEngine(capacity, limits) {}

  void on_event(const Event& event, Outputs& outputs) override;

  // Comes with the next TimerTick, which the caller sends right behind it.
  void offer(const Offer& offer) {
    offer_ = offer;
    verdict_.reset();
  }
  // Of the latest offer; nothing if it has not been judged.
  [[nodiscard]] std::optional<Verdict> verdict() const noexcept { return verdict_; }
  [[nodiscard]] RequestId next_request_id() noexcept { return execution_.next_request_id(); }

 private:
  [[nodiscard]] Verdict judge(const Offer& offer, Timestamp now) const;
  void take(const Offer& offer, const Event& event, Outputs& outputs);

  std::optional<Offer> offer_;
  std::optional<Verdict> verdict_;
};

}  // namespace arbees::app
