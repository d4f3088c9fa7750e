#include "core/arbitrage/circulation.h"

#include <algorithm>

#include "core/base/assert.h"

namespace arbees {

Circulation::Circulation(std::size_t max_nodes, std::size_t max_arcs, std::size_t max_cycles)
    : state_(max_nodes, max_arcs), flow_(max_arcs) {
  // Cycles are short: most are two to four instruments. The longest possible one must fit in any case.
  constexpr std::size_t kStepsPerCycle = 8;
  cycle_.reserve(max_nodes + 1);
  cycles_.reserve(max_cycles);
  steps_.reserve(kStepsPerCycle * max_cycles + max_nodes + 1);
}

void Circulation::start(const Topology& topology, const NetworkState& state, const std::vector<Lots>& flow,
                        bool held_only) noexcept {
  state_.copy_from(state, topology);
  std::copy_n(flow.begin(), topology.half_count() / 2, flow_.begin());
  cycles_.clear();
  steps_.clear();
  gain_ = 0;
  held_only_ = held_only;
}

bool Circulation::take_in(const Topology& topology, const ArcCosts& costs, ShortestPaths& paths,
                          ArcIndex arc) noexcept {
  const HalfIndex half = forward_half(arc);
  const NodeIndex tail = topology.tail(half);
  const NodeIndex head = topology.head(half);
  for (;;) {
    const Margin next = costs.forward(arc, flow_[arc], held_only_);
    if (next.cost == kNoCost) return true;
    const PathCost excess = next.cost + state_.potential[tail] - state_.potential[head];
    if (excess >= 0) {
      state_.cost[topology.slot_of(half)] = next.cost;
      return true;
    }
    const auto distance = paths.search(topology, state_, head, tail, -excess);
    if (!distance) {
      state_.cost[topology.slot_of(half)] = next.cost;
      return true;
    }
    cycle_.clear();
    cycle_.push_back(half);
    Lots lots = next.room;
    paths.walk_path(topology, head, tail, [&](HalfIndex step) {
      cycle_.push_back(step);
      lots = std::min(lots, room(costs, step));
    });
    ARBEES_ASSERT(lots > 0 && lots < kUnlimited);
    if (cycles_.size() == cycles_.capacity() || steps_.size() + cycle_.size() > steps_.capacity()) return false;
    const auto first = static_cast<std::uint32_t>(steps_.size());
    const Int128 gain = static_cast<Int128>(-(excess + *distance)) * lots;
    for (const HalfIndex step : cycle_) push(topology, costs, step, lots);
    cycles_.push_back({first, static_cast<std::uint32_t>(steps_.size()) - first, lots, gain});
    gain_ += gain;
  }
}

Lots Circulation::room(const ArcCosts& costs, HalfIndex half) const noexcept {
  const ArcIndex arc = half / 2;
  return is_backward(half) ? costs.backward(arc, flow_[arc]).room : costs.forward(arc, flow_[arc], held_only_).room;
}

void Circulation::push(const Topology& topology, const ArcCosts& costs, HalfIndex half, Lots lots) noexcept {
  const ArcIndex arc = half / 2;
  const Lots signed_lots = is_backward(half) ? -lots : lots;
  flow_[arc] += signed_lots;
  if (costs.is_instrument(arc)) steps_.push_back({arc, signed_lots});
  refresh(topology, costs, arc);
}

void Circulation::refresh(const Topology& topology, const ArcCosts& costs, ArcIndex arc) noexcept {
  const HalfIndex half = forward_half(arc);
  PathCost cost = costs.forward(arc, flow_[arc], held_only_).cost;
  // Only an arc not yet taken in can have a negative reduced cost here: it stays out of the network.
  if (cost != kNoCost && cost + state_.potential[topology.tail(half)] < state_.potential[topology.head(half)]) {
    cost = kNoCost;
  }
  state_.cost[topology.slot_of(half)] = cost;
  state_.cost[topology.slot_of(backward_half(arc))] = costs.backward(arc, flow_[arc]).cost;
}

}  // namespace arbees
