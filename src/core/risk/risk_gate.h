#pragma once
// Judges an opportunity against the limits: may it become a request, and at what size?
//
// Checked in a fixed order, so that the verdict names the first thing that forbids: trading state,
// edge, liquidity, requests under way, then money. Money limits do not refuse, they shrink: the
// answer is the largest share of the opportunity that fits; only a share too small to trade refuses.
// What was let through is checked once more, order by order, before it leaves (`allows`).

#include <array>
#include <cstdint>

#include "core/market/market_state.h"
#include "core/market/opportunity.h"
#include "core/market/outputs.h"
#include "core/risk/event_loss.h"
#include "core/risk/limits.h"
#include "core/risk/portfolio.h"

namespace arbees {

// A share of an opportunity: numerator / kWhole.
struct Share {
  static constexpr std::int64_t kWhole = 1'000'000;

  std::int64_t millionths = kWhole;
  Verdict binding = Verdict::Accepted;  // what keeps it below the whole; Accepted if nothing does

  // Keeps the smaller share, with what binds it.
  void narrow(Money needed, Money allowed, Verdict by) noexcept;
};

class RiskGate {
 public:
  RiskGate(const RiskLimits& limits, const MarketState& market, const Portfolio& portfolio) noexcept
      : limits_(limits), market_(market), portfolio_(portfolio) {}

  // Everything but money: Accepted, or the first reason against.
  [[nodiscard]] Verdict review(const Opportunity& opportunity, TradingState state, std::size_t open_requests,
                               Timestamp now) const noexcept;
  // The largest share of it that money limits and cash allow now.
  [[nodiscard]] Share affordable_share(const Opportunity& opportunity) const noexcept;

  // Whether a purchase that may cost `reserve` fits now, with all that is held and under way.
  [[nodiscard]] bool allows(const OrderRequest& order, Strategy strategy, Money reserve) const noexcept;
  // The same for all legs of a request together.
  [[nodiscard]] bool allows(const BoundedVector<Leg, kMaxLegs>& legs, Strategy strategy) const noexcept;
  [[nodiscard]] const RiskLimits& limits() const noexcept { return limits_; }
  // An unknown row or a value outside the row's range changes nothing.
  void on(const LimitSet& limit) noexcept;

 private:
  [[nodiscard]] Verdict review_legs(const Opportunity& opportunity, Timestamp now) const noexcept;
  [[nodiscard]] Money reserve_for(const Leg& leg) const noexcept;
  [[nodiscard]] bool fits_totals(Strategy strategy, Money amount) const noexcept;
  void narrow_to_event(const Opportunity& opportunity, Share& share) const noexcept;
  void narrow_to_totals(const Opportunity& opportunity, Money total, Share& share) const noexcept;

  RiskLimits limits_;
  const MarketState& market_;
  const Portfolio& portfolio_;
};

}  // namespace arbees
