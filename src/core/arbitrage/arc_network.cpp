#include "core/arbitrage/arc_network.h"

#include <algorithm>

#include "core/base/assert.h"

namespace arbees {

Topology::Topology(std::size_t max_nodes, std::size_t max_arcs)
    : first_(max_nodes + 1), head_of_slot_(2 * max_arcs), half_of_slot_(2 * max_arcs), slot_of_half_(2 * max_arcs) {}

void Topology::build(std::size_t node_count, const std::vector<ArcEnds>& arcs) noexcept {
  ARBEES_ASSERT(node_count < first_.size() && 2 * arcs.size() <= slot_of_half_.size());
  node_count_ = node_count;
  half_count_ = 2 * arcs.size();
  std::fill(first_.begin(), first_.end(), 0U);
  for (const ArcEnds& arc : arcs) {
    ++first_[arc.tail + 1];
    ++first_[arc.head + 1];
  }
  for (std::size_t node = 0; node < node_count; ++node) first_[node + 1] += first_[node];
  // Filling moves each start to its end, that is to the next node's start; shifted back afterwards.
  const auto put = [this](NodeIndex from, NodeIndex to, HalfIndex half) {
    const std::uint32_t slot = first_[from]++;
    head_of_slot_[slot] = to;
    half_of_slot_[slot] = half;
    slot_of_half_[half] = slot;
  };
  for (ArcIndex arc = 0; arc < arcs.size(); ++arc) {
    put(arcs[arc].tail, arcs[arc].head, forward_half(arc));
    put(arcs[arc].head, arcs[arc].tail, backward_half(arc));
  }
  for (std::size_t node = node_count; node > 0; --node) first_[node] = first_[node - 1];
  first_[0] = 0;
}

NetworkState::NetworkState(std::size_t max_nodes, std::size_t max_arcs)
    : cost(2 * max_arcs, kNoCost), potential(max_nodes) {}

void NetworkState::copy_from(const NetworkState& other, const Topology& topology) noexcept {
  std::copy_n(other.cost.begin(), topology.half_count(), cost.begin());
  std::copy_n(other.potential.begin(), topology.node_count(), potential.begin());
}

void NetworkState::shift_potentials(const Topology& topology, PathCost by) noexcept {
  for (std::size_t node = 0; node < topology.node_count(); ++node) potential[node] += by;
}

ShortestPaths::ShortestPaths(std::size_t max_nodes)
    : key_(max_nodes), round_(max_nodes), position_(max_nodes), parent_(max_nodes), heap_(max_nodes) {
  settled_.reserve(max_nodes);
}

bool ShortestPaths::admit(const Topology& topology, NetworkState& state, HalfIndex half, PathCost cost) noexcept {
  const NodeIndex tail = topology.tail(half);
  const NodeIndex head = topology.head(half);
  begin();
  const PathCost excess = cost + state.potential[tail] - state.potential[head];
  if (excess >= 0) {
    state.cost[topology.slot_of(half)] = cost;
    return true;
  }
  offer(head, excess);
  while (heap_size_ > 0) {
    const NodeIndex node = take_least();
    const PathCost lowered = state.potential[node] + key_[node];
    settled_.push_back({node, lowered});
    for (std::uint32_t slot = topology.first_slot(node); slot < topology.end_slot(node); ++slot) {
      if (state.cost[slot] == kNoCost) continue;
      const NodeIndex next = topology.head_of_slot(slot);
      const PathCost fall = lowered + state.cost[slot] - state.potential[next];
      if (fall >= 0) continue;
      if (next == tail) return false;
      offer(next, fall);
    }
  }
  for (const Settled& s : settled_) state.potential[s.node] = s.value;
  state.cost[topology.slot_of(half)] = cost;
  return true;
}

std::optional<PathCost> ShortestPaths::search(const Topology& topology, NetworkState& state, NodeIndex from,
                                              NodeIndex to, PathCost limit) noexcept {
  begin();
  offer(from, 0);
  PathCost reach = limit;
  bool found = false;
  while (heap_size_ > 0 && key_[heap_[0]] < limit) {
    const NodeIndex node = take_least();
    const PathCost distance = key_[node];
    if (node == to) {
      reach = distance;
      found = true;
      break;
    }
    settled_.push_back({node, distance});
    const PathCost base = distance + state.potential[node];
    for (std::uint32_t slot = topology.first_slot(node); slot < topology.end_slot(node); ++slot) {
      if (state.cost[slot] == kNoCost) continue;
      const NodeIndex next = topology.head_of_slot(slot);
      const PathCost key = base + state.cost[slot] - state.potential[next];
      if (key < limit && offer(next, key)) parent_[next] = topology.half_of_slot(slot);
    }
  }
  for (const Settled& s : settled_) state.potential[s.node] += s.value - reach;
  if (!found) return std::nullopt;
  return reach;
}

void ShortestPaths::begin() noexcept {
  heap_size_ = 0;
  settled_.clear();
  if (++present_round_ == 0) {
    std::fill(round_.begin(), round_.end(), 0U);
    present_round_ = 1;
  }
}

bool ShortestPaths::offer(NodeIndex node, PathCost key) noexcept {
  if (round_[node] != present_round_) {
    round_[node] = present_round_;
    key_[node] = key;
    place(heap_size_, node);
    sift_up(heap_size_++);
    return true;
  }
  if (position_[node] == kSettled || key_[node] <= key) return false;
  key_[node] = key;
  sift_up(position_[node]);
  return true;
}

NodeIndex ShortestPaths::take_least() noexcept {
  const NodeIndex least = heap_[0];
  position_[least] = kSettled;
  if (--heap_size_ > 0) {
    place(0, heap_[heap_size_]);
    sift_down(0);
  }
  return least;
}

void ShortestPaths::place(std::size_t position, NodeIndex node) noexcept {
  heap_[position] = node;
  position_[node] = static_cast<std::uint32_t>(position);
}

void ShortestPaths::sift_up(std::size_t position) noexcept {
  const NodeIndex node = heap_[position];
  while (position > 0) {
    const std::size_t above = (position - 1) / 2;
    if (key_[heap_[above]] <= key_[node]) break;
    place(position, heap_[above]);
    position = above;
  }
  place(position, node);
}

void ShortestPaths::sift_down(std::size_t position) noexcept {
  const NodeIndex node = heap_[position];
  for (;;) {
    std::size_t below = 2 * position + 1;
    if (below >= heap_size_) break;
    if (below + 1 < heap_size_ && key_[heap_[below + 1]] < key_[heap_[below]]) ++below;
    if (key_[node] <= key_[heap_[below]]) break;
    place(position, heap_[below]);
    position = below;
  }
  place(position, node);
}

}  // namespace arbees
