#include "app/roles/executor_engine.h"

#include <algorithm>

namespace arbees::app {
namespace {

Money outlay_of(const Offer& offer) {
  Money outlay;
  for (const Leg& leg : offer.legs) outlay += leg.cost + leg.fee;
  return outlay;
}

Money fees_of(const Offer& offer) {
  Money fees;
  for (const Leg& leg : offer.legs) fees += leg.fee;
  return fees;
}

Quantity smallest_leg(const Offer& offer) {
  Quantity smallest = offer.legs[0].quantity;
  for (const Leg& leg : offer.legs) smallest = std::min(smallest, leg.quantity);
  return smallest;
}

}  // namespace

void ExecutorEngine::on_event(const Event& event, Outputs& outputs) {
  market_.apply(event);
  take_in(event, outputs);
  if (offer_ && std::holds_alternative<TimerTick>(event.body)) {
    const Offer offer = *offer_;
    offer_.reset();
    take(offer, event, outputs);
  }
  close(event, outputs);
}

Verdict ExecutorEngine::judge(const Offer& offer, Timestamp now) const {
  Opportunity opportunity;
  opportunity.legs = offer.legs;
  opportunity.detected_at = now;
  opportunity.detector = offer.detector;
  // The gate's questions of edge and of depth are the sender's: they are answered before they are asked.
  opportunity.outlay = std::max(outlay_of(offer), gate_.limits().min_liquidity);
  opportunity.guaranteed = opportunity.expected = opportunity.outlay + opportunity.outlay;
  const Verdict verdict = gate_.review(opportunity, state(), execution_.open_request_count(), now);
  if (verdict != Verdict::Accepted) return verdict;
  // Each shard keeps the limit of basis trades for itself; here are those of all.
  const Money basis = portfolio_.strategy_exposure(Strategy::Basis) + outlay_of(offer);
  if (offer.detector == Detector::Basis && basis > gate_.limits().max_basis_exposure) return Verdict::BasisLimit;
  const Share share = gate_.affordable_share(opportunity);
  return share.millionths < Share::kWhole ? share.binding : Verdict::Accepted;
}

void ExecutorEngine::take(const Offer& offer, const Event& event, Outputs& outputs) {
  ExecutionRequest request;
  request.id = offer.request;
  request.opportunity_id = offer.opportunity_id;
  request.created_at = event.received_at;
  request.deadline = offer.deadline;
  request.outlay = outlay_of(offer);
  request.guaranteed = offer.guaranteed;
  request.legs = offer.legs;
  request.detector = offer.detector;
  Verdict verdict = judge(offer, event.received_at);
  if (verdict == Verdict::Accepted && !execution_.can_execute(request, outputs)) verdict = Verdict::TooManyRequests;
  OpportunityJudged judged;
  judged.opportunity_id = offer.opportunity_id;
  judged.size = smallest_leg(offer);
  judged.outlay = request.outlay;
  judged.guaranteed = offer.guaranteed;
  judged.fees = fees_of(offer);
  judged.request = verdict == Verdict::Accepted ? offer.request : RequestId{};
  judged.detector = request.detector;
  judged.verdict = verdict;
  judged.leg_count = static_cast<std::uint8_t>(offer.legs.size());
  outputs.reports.push_back(Report{event.received_at, event.sequence, judged});
  verdict_ = verdict;
  if (verdict != Verdict::Accepted) return;
  outputs.requests.push_back(request);
  execution_.execute(request, event, outputs);
}

}  // namespace arbees::app
