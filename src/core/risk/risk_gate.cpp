#include "core/risk/risk_gate.h"

#include <algorithm>
#include <array>

#include "core/base/wide_int.h"
#include "core/market/minimum_order.h"
#include "core/risk/reserve.h"

namespace arbees {
namespace {

// Whether the profit is worth the time that the money is bound; less than a minute counts as one.
bool is_return_too_low(const Opportunity& opportunity, Timestamp now, std::int64_t least_millionths) noexcept {
  if (least_millionths == 0) return false;
  constexpr Duration kLeastTime = std::chrono::minutes(1);
  constexpr std::int64_t kDay = Duration{std::chrono::days(1)}.count();
  const std::int64_t bound = std::max(opportunity.settles_at - now, kLeastTime).count();
  const Int128 earned = static_cast<Int128>(opportunity.safe_profit().units()) * 1'000'000 * kDay;
  return earned / bound < static_cast<Int128>(opportunity.outlay.units()) * least_millionths;
}

}  // namespace

void Share::narrow(Money needed, Money allowed, Verdict by) noexcept {
  if (needed <= allowed || !needed.is_positive()) return;
  const Int128 room = std::max<std::int64_t>(allowed.units(), 0);
  const auto fitting = static_cast<std::int64_t>(room * kWhole / needed.units());
  if (fitting >= millionths) return;
  millionths = fitting;
  binding = by;
}

void RiskGate::on(const LimitSet& limit) noexcept {
  if (limit.row >= kLimitCount) return;
  const LimitRow& row = limit_table()[limit.row];
  if (limit.value >= row.least && limit.value <= row.most) row.set(limits_, limit.value);
}

Verdict RiskGate::review(const Opportunity& opportunity, TradingState state, std::size_t open_requests,
                         Timestamp now) const noexcept {
  if (state != TradingState::Active) return Verdict::Halted;
  const Verdict legs = review_legs(opportunity, now);
  if (legs != Verdict::Accepted) return legs;
  const Int128 edge = static_cast<Int128>(opportunity.safe_profit().units()) * 1'000'000;
  if (edge < static_cast<Int128>(opportunity.outlay.units()) * limits_.min_edge_millionths)
    return Verdict::EdgeTooSmall;
  if (is_return_too_low(opportunity, now, limits_.min_return_per_day)) return Verdict::ReturnTooLow;
  // A model trade is as large as it deserves, and its detector has looked at what the book allows.
  const bool is_sized = opportunity.detector == Detector::ModelEdge;
  if (!is_sized && opportunity.outlay < limits_.min_liquidity) return Verdict::TooThin;
  if (static_cast<std::int64_t>(open_requests) >= limits_.max_open_requests) return Verdict::TooManyRequests;
  return Verdict::Accepted;
}

Verdict RiskGate::review_legs(const Opportunity& opportunity, Timestamp now) const noexcept {
  if (opportunity.legs.empty() || portfolio_.is_full()) return Verdict::TooManyRequests;
  for (const Leg& leg : opportunity.legs) {
    const Contract* contract = market_.find(leg.instrument);
    if (contract == nullptr || contract->not_tradable(now) != NotTradable::None) return Verdict::NotTradable;
    const BookStatus status = contract->book.status(now, limits_.price_staleness);
    if (status == BookStatus::Stale) return Verdict::StaleBook;
    if (status != BookStatus::Proven) return Verdict::UnprovenBook;
    if (is_below_minimum(contract->terms, Side::Buy, leg.price, leg.quantity)) return Verdict::BelowMinimumOrder;
    if (leg.price < limits_.min_price || leg.price > limits_.max_price) return Verdict::PriceLimit;
  }
  return Verdict::Accepted;
}

Money RiskGate::reserve_for(const Leg& leg) const noexcept {
  const Contract* contract = market_.find(leg.instrument);
  return contract == nullptr ? kPriceOne * leg.quantity : worst_cost(contract->terms.fees, leg.price, leg.quantity);
}

bool RiskGate::allows(const OrderRequest& order, Strategy strategy, Money reserve) const noexcept {
  if (reserve > limits_.max_position) return false;
  if (portfolio_.asset_exposure(order.asset) + reserve > limits_.max_asset_exposure) return false;
  if (portfolio_.venue_exposure(order.venue) + reserve > limits_.max_venue_exposure) return false;
  if (portfolio_.free_cash(order.venue) - limits_.min_free_cash < reserve) return false;
  return fits_totals(strategy, reserve);
}

bool RiskGate::fits_totals(Strategy strategy, Money amount) const noexcept {
  if (portfolio_.total_exposure() + amount > limits_.max_total_exposure) return false;
  if (strategy != Strategy::Model) return true;  // basis trades have their limit in what their group holds
  return portfolio_.strategy_exposure(strategy) + amount <= limits_.max_model_exposure;
}

bool RiskGate::allows(const BoundedVector<Leg, kMaxLegs>& legs, Strategy strategy) const noexcept {
  Money total;
  for (const Leg& leg : legs) {
    Money of_asset;
    Money of_venue;
    for (const Leg& other : legs) {
      if (other.asset == leg.asset) of_asset += reserve_for(other);
      if (other.venue == leg.venue) of_venue += reserve_for(other);
    }
    total += reserve_for(leg);
    if (reserve_for(leg) > limits_.max_position) return false;
    if (portfolio_.asset_exposure(leg.asset) + of_asset > limits_.max_asset_exposure) return false;
    if (portfolio_.venue_exposure(leg.venue) + of_venue > limits_.max_venue_exposure) return false;
    if (portfolio_.free_cash(leg.venue) - limits_.min_free_cash < of_venue) return false;
  }
  return fits_totals(strategy, total);
}

Share RiskGate::affordable_share(const Opportunity& opportunity) const noexcept {
  Share share;
  Money total;
  Money smallest = Money::max();
  std::array<Money, kAssetCount> by_asset{};
  std::array<Money, kVenueCount> by_venue{};
  for (const Leg& leg : opportunity.legs) {
    const Money reserve = reserve_for(leg);
    share.narrow(reserve, limits_.max_position, Verdict::PositionLimit);
    by_asset[static_cast<std::size_t>(leg.asset)] += reserve;
    by_venue[static_cast<std::size_t>(leg.venue)] += reserve;
    total += reserve;
    smallest = std::min(smallest, reserve);
  }
  for (std::size_t i = 0; i < kAssetCount; ++i) {
    if (by_asset[i].is_zero()) continue;
    const Money room = limits_.max_asset_exposure - portfolio_.asset_exposure(static_cast<Asset>(i));
    share.narrow(by_asset[i], room, Verdict::AssetLimit);
  }
  for (std::size_t i = 0; i < kVenueCount; ++i) {
    if (by_venue[i].is_zero()) continue;
    const auto venue = static_cast<Venue>(i);
    share.narrow(by_venue[i], limits_.max_venue_exposure - portfolio_.venue_exposure(venue), Verdict::VenueLimit);
    share.narrow(by_venue[i], portfolio_.free_cash(venue) - limits_.min_free_cash, Verdict::InsufficientCash);
  }
  // All legs but the last may be filled while it is not, and what they bought may pay nothing.
  if (opportunity.legs.size() > 1) share.narrow(total - smallest, limits_.max_naked_loss, Verdict::NakedLimit);
  narrow_to_totals(opportunity, total, share);
  narrow_to_event(opportunity, share);
  return share;
}

void RiskGate::narrow_to_totals(const Opportunity& opportunity, Money total, Share& share) const noexcept {
  share.narrow(total, limits_.max_total_exposure - portfolio_.total_exposure(), Verdict::TotalLimit);
  if (strategy_of(opportunity.detector) != Strategy::Model) return;
  share.narrow(total, limits_.max_model_exposure - portfolio_.strategy_exposure(Strategy::Model), Verdict::ModelLimit);
}

// Limits that look at positions and orders beside it: those that settle at the same instant, and of them those of the
// same event. Its worst case is convex in the share, so the proportion of what it adds is never too much.
void RiskGate::narrow_to_event(const Opportunity& opportunity, Share& share) const noexcept {
  const Contract* first = market_.find(opportunity.legs[0].instrument);
  if (first == nullptr) return share.narrow(Money::whole(1), Money{}, Verdict::EventLossLimit);
  const ContractTerms& terms = first->terms;
  EventLoss loss;
  Money closing;
  const auto count = [&](InstrumentId instrument, Outcome outcome, Quantity quantity, Money cost, bool is_held) {
    const Contract* contract = market_.find(instrument);
    if (contract == nullptr || contract->terms.closes_at != terms.closes_at) return;
    closing += cost;
    if (contract->terms.asset != terms.asset && contract->terms.event_group != terms.event_group) return;
    is_held ? loss.add_position(contract->terms, outcome, quantity, cost)
            : loss.add_order(contract->terms, outcome, quantity, cost);
  };
  portfolio_.for_each([&](const Position& position) {
    count(position.instrument, position.outcome, position.quantity, position.cost, true);
  });
  portfolio_.for_each_reservation([&](const Reservation& reservation) {
    count(reservation.holding.instrument, reservation.holding.outcome, reservation.quantity, reservation.amount, false);
  });
  const Money closing_before = closing;
  const Money lost_before = loss.worst();
  for (const Leg& leg : opportunity.legs) count(leg.instrument, leg.outcome, leg.quantity, reserve_for(leg), false);
  share.narrow(closing - closing_before, limits_.max_close_exposure - closing_before, Verdict::CloseLimit);
  share.narrow(loss.worst() - lost_before, limits_.max_event_loss - lost_before, Verdict::EventLossLimit);
}

}  // namespace arbees
