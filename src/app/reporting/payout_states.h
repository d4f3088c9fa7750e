#pragma once
// What a portfolio pays in every state that can occur: the certificate, spelled out for people.
//
// Each settled value is cut at the strikes of the legs; states are the combinations of cells. Two values of different
// sources occur together only within their strict basis bound; without one, every combination is listed.

#include <string>
#include <vector>

#include "core/market/contract.h"
#include "core/market/event.h"
#include "core/market/opportunity.h"

namespace arbees::app {

struct PayoutState {
  std::string state;  // "cf_benchmarks_mean_60 ≥ 64000 and < 64500"
  Money payout;
};

struct PayoutLeg {
  Leg leg;
  ContractTerms terms;
};

// In order of the values; at most 500. Nothing if a leg's terms have no interval.
[[nodiscard]] std::vector<PayoutState> payout_states(const std::vector<PayoutLeg>& legs,
                                                     const std::vector<BasisBoundSet>& bounds);

}  // namespace arbees::app
