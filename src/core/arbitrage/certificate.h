#pragma once
// A certificate: what to buy, what it costs to the last unit, and what it pays at least in any state.
//
// Invariants: one leg for each price level, its fee rounded on its own as the venue does; outlay is
// exact; guaranteed is what the legs add to the least payoff of what is held already (over all allowed
// states, recomputed from the contracts' intervals, not from the circulation); profit() > 0.

#include <cstdint>
#include <vector>

#include "core/arbitrage/worst_case.h"
#include "core/market/order.h"
#include "core/market/values.h"

namespace arbees {

using ContractIndex = std::uint32_t;

struct CertificateLeg {
  ContractIndex contract = 0;
  Outcome outcome = Outcome::Yes;
  Price price;
  Quantity quantity;
  Money cost;  // price × quantity
  Money fee;
};

struct Certificate {
  std::vector<CertificateLeg> legs;  // legs of one contract and outcome lie together, best level first
  std::vector<WorstState> worst_states;
  Money outlay;  // cost plus fees of all legs
  Money fees;
  Money guaranteed;

  [[nodiscard]] Money profit() const noexcept { return guaranteed - outlay; }
};

}  // namespace arbees
