#include "core/risk/risk_gate.h"

#include <algorithm>
#include <array>

#include "core/base/wide_int.h"
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
  if (needed <= allowed) return;
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
    if (leg.quantity < contract->terms.minimum_order) return Verdict::BelowMinimumOrder;
  }
  return Verdict::Accepted;
}

Money RiskGate::reserve_for(const Leg& leg) const noexcept {
  const Contract* contract = market_.find(leg.instrument);
  return contract == nullptr ? kPriceOne * leg.quantity : worst_cost(contract->terms.fees, leg.price, leg.quantity);
}

Share RiskGate::affordable_share(const Opportunity& opportunity) const noexcept {
  Share share;
  Money total;
  std::array<Money, kAssetCount> by_asset{};
  std::array<Money, kVenueCount> by_venue{};
  for (const Leg& leg : opportunity.legs) {
    const Money reserve = reserve_for(leg);
    share.narrow(reserve, limits_.max_position, Verdict::PositionLimit);
    by_asset[static_cast<std::size_t>(leg.asset)] += reserve;
    by_venue[static_cast<std::size_t>(leg.venue)] += reserve;
    total += reserve;
  }
  for (std::size_t i = 0; i < kAssetCount; ++i) {
    if (by_asset[i].is_zero()) continue;
    const Money room = limits_.max_asset_exposure - portfolio_.asset_exposure(static_cast<Asset>(i));
    share.narrow(by_asset[i], room, Verdict::AssetLimit);
  }
  share.narrow(total, limits_.max_total_exposure - portfolio_.total_exposure(), Verdict::TotalLimit);
  for (std::size_t i = 0; i < kVenueCount; ++i) {
    if (by_venue[i].is_zero()) continue;
    share.narrow(by_venue[i], portfolio_.free_cash(static_cast<Venue>(i)), Verdict::InsufficientCash);
  }
  return share;
}

}  // namespace arbees
