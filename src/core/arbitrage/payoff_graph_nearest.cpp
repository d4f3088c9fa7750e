// The cheapest certain dollar and what it consists of: how far a group is from a riskless profit.

#include <algorithm>

#include "core/arbitrage/payoff_graph.h"

namespace arbees {
namespace {

constexpr ArcIndex kNoArc = UINT32_MAX;

Money rounded_up(PathCost cost) noexcept {
  constexpr PathCost kUnit = kOneDollar / Money::kScale;
  const PathCost whole = cost / kUnit;
  return Money::from_units(cost > whole * kUnit ? whole + 1 : whole);
}

}  // namespace

// Bellman and Ford over the best quotes, without the dollar arcs. Absent if a cycle pays by itself.
std::optional<PathCost> PayoffGraph::find_cheapest_path() noexcept {
  settle();
  const std::size_t nodes = topology_.node_count();
  std::fill_n(distance_.begin(), nodes, kNoCost);
  std::fill_n(reached_by_.begin(), nodes, kNoArc);
  distance_[kMinusInfinityNode] = 0;
  const auto first_free = static_cast<ArcIndex>(costs_.instrument_arcs() + kDollarArcs);
  bool changed = true;
  for (std::size_t round = 0; changed; ++round) {
    if (round > nodes) return std::nullopt;
    changed = false;
    const auto relax = [&](ArcIndex arc, PathCost cost) {
      const PathCost start = distance_[arcs_[arc].tail];
      if (start == kNoCost || start + cost >= distance_[arcs_[arc].head]) return;
      distance_[arcs_[arc].head] = start + cost;
      reached_by_[arcs_[arc].head] = arc;
      changed = true;
    };
    for (ArcIndex arc = 0; arc < costs_.instrument_arcs(); ++arc) {
      if (costs_.displayed_count(arc) > 0) relax(arc, costs_.displayed(arc, 0).cost);
    }
    for (ArcIndex arc = first_free; arc < arcs_.size(); ++arc) relax(arc, 0);
  }
  const PathCost dollar = distance_[kPlusInfinityNode];
  if (dollar == kNoCost) return std::nullopt;
  return dollar;
}

std::optional<Money> PayoffGraph::cheapest_dollar() noexcept {
  const auto dollar = find_cheapest_path();
  if (!dollar) return std::nullopt;
  return rounded_up(*dollar);
}

bool PayoffGraph::nearest(NearestPortfolio& portfolio) noexcept {
  portfolio.legs.clear();
  const auto dollar = find_cheapest_path();
  if (!dollar) return false;
  portfolio.cost = rounded_up(*dollar);
  for (NodeIndex node = kPlusInfinityNode; node != kMinusInfinityNode;) {
    const ArcIndex arc = reached_by_[node];
    if (arc == kNoArc) return false;
    node = arcs_[arc].tail;
    if (!costs_.is_instrument(arc)) continue;
    if (portfolio.legs.full()) return false;
    const GraphContract& terms = contracts_[arc / 2].terms;
    const CostLevel& best = costs_.displayed(arc, 0);
    NearestLeg leg;
    leg.instrument = terms.instrument;
    leg.price = best.price;
    leg.quantity = quantity_of(best.lots);
    leg.outcome = static_cast<Outcome>(arc % 2);
    leg.venue = terms.venue;
    portfolio.legs.push_back(leg);
  }
  std::reverse(portfolio.legs.begin(), portfolio.legs.end());
  return true;
}

}  // namespace arbees
