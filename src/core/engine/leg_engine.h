#pragma once
// Decides what to send next for a request: its legs in order of risk, then whatever makes them even.
//
// The legs of a request are wanted in fixed proportion; its share of a leg is what is held of it over what
// was asked. What the legs with the larger shares hold beyond the smallest is the surplus, and naked. Each
// time all orders of a request have ended it is solved anew against the books of that moment: completing
// (buying what is missing at the asks) against unwinding (selling the surplus at the bids), whichever
// leaves more, if all that the request loses by it, filled at its limits, stays within the budget. docs/execution.md
// has the reasoning and the figures.
//
// Pure: functions of the legs, the books and the limits. Every rounding goes against us.

#include <cstdint>

#include "core/base/bounded_vector.h"
#include "core/market/market_state.h"
#include "core/market/opportunity.h"
#include "core/risk/limits.h"

namespace arbees {

struct LegState {
  Leg leg;        // as requested
  Quantity held;  // bought for this request and not sold back
  Money spent;    // what that has cost
  // Kept aside for buying the rest; only while nothing is under way for this leg.
  Money hold;
  Quantity hold_quantity;
};
using LegStates = BoundedVector<LegState, kMaxLegs>;

struct LegOrder {
  std::uint8_t leg = 0;
  Side side = Side::Buy;
  Quantity quantity;
  Price limit;
};

enum class LegStep : std::uint8_t {
  Send,  // these orders
  Wait,  // nothing can be done now
  Even,  // nothing is naked, or too little for any order: the request is at its end
};

struct LegPlan {
  LegStep step = LegStep::Even;
  BoundedVector<LegOrder, kMaxLegs> orders;
};

// What opens a request: all legs, or the riskiest one alone if the books are not deep against it.
[[nodiscard]] LegPlan open_plan(const LegStates& legs, const MarketState& market, const RiskLimits& limits) noexcept;

// What makes the legs even.
struct EvenTask {
  Money guaranteed;     // what the request pays at least if all legs are filled in full; 0: not stated
  Money lost_by_sales;  // what sales of its surplus have cost so far, less what they brought
  Timestamp now;        // books older than limits.price_staleness are not bought from; a sale is bounded by its limit
  bool may_buy = true;
};
[[nodiscard]] LegPlan even_plan(const LegStates& legs, const EvenTask& task, const MarketState& market,
                                const RiskLimits& limits) noexcept;

// How much of each leg is naked, and what it has cost.
struct Nakedness {
  Quantity matched;  // of the largest leg, in contracts that every other leg has its part to
  Quantity surplus;  // the largest of any leg
  Money cost;        // of all surplus
};
[[nodiscard]] Nakedness nakedness(const LegStates& legs) noexcept;

}  // namespace arbees
