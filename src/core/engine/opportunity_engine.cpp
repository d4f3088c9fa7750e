#include "core/engine/opportunity_engine.h"

namespace arbees {
namespace {

// How long a request may travel before nobody may begin it any more, and the venue must refuse its orders.
constexpr Duration kRequestLifetime = std::chrono::seconds(2);

}  // namespace

OpportunityEngine::OpportunityEngine(const Capacity& capacity, MarketState& market, const Portfolio& portfolio,
                                     const RiskGate& gate)
    : market_(market), arbitrage_(capacity, market, portfolio, gate), model_(capacity, market, portfolio, gate) {}

void OpportunityEngine::take(const Event& event, Outputs& outputs) {
  arbitrage_.begin(event, outputs);
  const MarketState::Change change = market_.apply(event);
  const auto* update = std::get_if<BookUpdate>(&event.body);
  changed_ = update != nullptr && update->is_last() ? change.contract : nullptr;
  step_ = Step::Arbitrage;
  if (update != nullptr) return;  // the model's turn is after the arbitrage's
  model_.on_event(event, outputs);
  list_or_remove(event, change);
}

void OpportunityEngine::list_or_remove(const Event& event, const MarketState::Change& change) {
  const Timestamp now = event.received_at;
  if (const auto* listed = std::get_if<ContractListed>(&event.body)) return arbitrage_.list(listed->id, now);
  if (const auto* changed = std::get_if<PriceGridChanged>(&event.body)) return arbitrage_.list(changed->id, now);
  if (const auto* updated = std::get_if<StrikeUpdated>(&event.body)) return arbitrage_.list(updated->id, now);
  if (const auto* settled = std::get_if<ContractSettled>(&event.body)) return arbitrage_.remove(settled->id, now);
  if (const auto* changed = std::get_if<ContractPhaseChanged>(&event.body)) {
    if (changed->phase == ContractPhase::Closed) arbitrage_.remove(changed->id, now);
    return;
  }
  if (std::holds_alternative<BookFaulted>(event.body)) {
    if (change.contract != nullptr) arbitrage_.refresh(change.contract->id, now);
    return;
  }
  if (std::holds_alternative<FeedStatus>(event.body)) return arbitrage_.refresh_all(now);
  if (const auto* bound = std::get_if<BasisBoundSet>(&event.body)) arbitrage_.on(*bound, now);
}

const Opportunity* OpportunityEngine::next(const Event& event, Standing standing, Outputs& outputs) {
  if (step_ == Step::Arbitrage) {
    step_ = Step::Model;
    is_of_model_ = false;
    if (changed_ != nullptr && arbitrage_.on_book(*changed_, event, standing.state, standing.open_requests, outputs))
      return &arbitrage_.accepted();
  }
  if (step_ == Step::Done) return nullptr;
  if (!is_of_model_) {
    is_of_model_ = true;
    if (std::holds_alternative<BookUpdate>(event.body)) model_.on_event(event, outputs);
  }
  const Opportunity* opportunity = model_.next(event, standing.state, standing.open_requests, outputs);
  if (opportunity == nullptr) step_ = Step::Done;
  return opportunity;
}

void OpportunityEngine::report(const Event& event, RequestId request, Outputs& outputs) {
  if (!is_of_model_) return arbitrage_.report_accepted(event, request, outputs);
  model_.report(event, request, outputs);
  if (request == RequestId{}) step_ = Step::Done;  // no room for this one: none for the next
}

ExecutionRequest request_for(const Opportunity& opportunity, RequestId id, Timestamp now) noexcept {
  ExecutionRequest request;
  request.id = id;
  request.opportunity_id = opportunity.id;
  request.created_at = now;
  request.deadline = now + kRequestLifetime;
  request.outlay = opportunity.outlay;
  request.guaranteed = opportunity.guaranteed;
  request.detector = opportunity.detector;
  request.legs = opportunity.legs;
  return request;
}

}  // namespace arbees
