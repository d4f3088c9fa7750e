#include "app/reporting/opportunity_watch.h"

#include <algorithm>

#include "core/market/fees.h"

namespace arbees::app {
namespace {

std::optional<Money> leg_cost_now(const MarketState& market, const Leg& leg, Timestamp now) {
  const Contract* contract = market.find(leg.instrument);
  if (contract == nullptr || contract->not_tradable(now) != NotTradable::None) return std::nullopt;
  if (contract->book.status() != BookStatus::Proven) return std::nullopt;
  Quantity left = leg.quantity;
  Money cost;
  bool has_fees = true;
  const auto take = [&](Price yes_price, Quantity displayed) {
    const Price price = leg.outcome == Outcome::Yes ? yes_price : complement(yes_price);
    const Quantity quantity = std::min(left, displayed);
    const auto exact = fee(contract->terms.fees, Role::Taker, price, quantity);
    has_fees = has_fees && exact.has_value();
    if (!has_fees) return false;
    cost += price * quantity + *exact;
    left -= quantity;
    return left.is_positive();
  };
  if (leg.outcome == Outcome::Yes) {
    contract->book.asks().walk_up(take);
  } else {
    contract->book.bids().walk_down(take);
  }
  if (left.is_positive() || !has_fees) return std::nullopt;
  return cost;
}

}  // namespace

std::optional<Money> cost_now(const MarketState& market, const Opportunity& opportunity, Timestamp now) {
  Money total;
  for (const Leg& leg : opportunity.legs) {
    const auto cost = leg_cost_now(market, leg, now);
    if (!cost) return std::nullopt;
    total += *cost;
  }
  return total;
}

void OpportunityWatch::before(Timestamp now, const TradingEngine& engine) {
  if (pending_.empty()) return;
  for (Pending& pending : pending_) {
    while (pending.next_delay < kDelays.size() && pending.due() < now) price(pending, engine);
  }
  std::erase_if(pending_, [](const Pending& pending) { return pending.next_delay == kDelays.size(); });
}

void OpportunityWatch::price(Pending& pending, const TradingEngine& engine) {
  const auto cost = cost_now(engine.market(), pending.opportunity, pending.due());
  WatchedOpportunity& watched = all_[pending.index];
  if (cost) watched.profit[pending.next_delay] = watched.promised - *cost;
  ++pending.next_delay;
}

void OpportunityWatch::after(const Event& cause, const Outputs& outputs, const TradingEngine& engine) {
  for (const Report& report : outputs.reports) {
    if (const auto* judged = std::get_if<OpportunityJudged>(&report.body)) on(*judged, cause, engine);
    if (const auto* ended = std::get_if<OpportunityEnded>(&report.body)) on(*ended);
  }
}

void OpportunityWatch::on(const OpportunityJudged& judged, const Event& cause, const TradingEngine& engine) {
  const auto [known, is_new] = index_.emplace(judged.opportunity_id, all_.size());
  if (!is_new) {
    WatchedOpportunity& watched = all_[known->second];
    watched.is_requested = watched.is_requested || judged.verdict == Verdict::Accepted;
    return;
  }
  WatchedOpportunity& watched = all_.emplace_back();
  watched.id = judged.opportunity_id;
  watched.started_at = judged.started_at;
  watched.outlay = judged.outlay;
  watched.promised = judged.detector == Detector::ModelEdge ? judged.expected : judged.guaranteed;
  watched.size = judged.size;
  watched.detector = judged.detector;
  watched.is_requested = judged.verdict == Verdict::Accepted;
  // The legs are at hand only now, while the engine still holds the opportunity that it has just judged.
  const Opportunity& opportunity =
      judged.detector == Detector::ModelEdge ? engine.model().judged() : engine.arbitrage().accepted();
  if (opportunity.id != judged.opportunity_id) return;
  Pending& pending = pending_.emplace_back();
  pending.index = all_.size() - 1;
  pending.judged_at = cause.received_at;
  pending.opportunity = opportunity;
  price(pending, engine);
}

void OpportunityWatch::on(const OpportunityEnded& ended) {
  const auto known = index_.find(ended.opportunity_id);
  if (known == index_.end()) return;
  WatchedOpportunity& watched = all_[known->second];
  watched.ended_at = ended.ended_at;
  index_.erase(known);
}

}  // namespace arbees::app
