#pragma once
// A trade on the spot model: one outcome of one contract, bought as deep as it clears and as large as it deserves.
//
// Never called riskless: `guaranteed` is zero, and `expected` says what such trades pay on average. Levels are walked
// from the best on; each must clear by itself (model_judge.h). Size is bound by depth, by the stake that the worst
// level used allows, and by `room`.

#include "core/market/market_state.h"
#include "core/market/opportunity.h"
#include "core/market/outputs.h"
#include "core/pricing/model_judge.h"

namespace arbees {

struct ModelEdgeLimits {
  Money bankroll;       // all that is owned: Kelly's stake is a share of it
  Money room;           // most that this trade may cost, fees included
  Money min_liquidity;  // least cost of what is displayed at prices that clear
};

// Accepted with the opportunity's legs, outlay, fees, expected payout filled in; else the first reason against.
[[nodiscard]] Verdict find_model_edge(const Contract& contract, Outcome outcome, const ModelJudge& judge,
                                      const ModelEdgeLimits& limits, Opportunity& found) noexcept;

}  // namespace arbees
