#include "core/arbitrage/axis_table.h"

#include <algorithm>

#include "core/base/assert.h"

namespace arbees {

AxisTable::AxisTable(std::size_t max_axes, std::size_t max_nodes)
    : max_axes_(std::min(max_axes, kMaxAxes)), max_nodes_(max_nodes), bounds_(kMaxAxes * kMaxAxes, Coordinate{-1}) {
  axes_.reserve(max_axes_);
  nodes_.reserve(max_nodes_);
  nodes_.push_back({kMinusInfinity, 0, 0});
  nodes_.push_back({kPlusInfinity, 0, 0});
}

std::optional<AxisIndex> AxisTable::axis(const AxisKey& key) noexcept {
  for (AxisIndex i = 0; i < axes_.size(); ++i) {
    if (axes_[i].key == key) return i;
  }
  if (axes_.size() == max_axes_) return std::nullopt;
  axes_.push_back({key, axis_step(key), {}});
  return static_cast<AxisIndex>(axes_.size() - 1);
}

std::optional<NodeIndex> AxisTable::node(AxisIndex axis, Coordinate coordinate) noexcept {
  if (coordinate == kMinusInfinity) return kMinusInfinityNode;
  if (coordinate == kPlusInfinity) return kPlusInfinityNode;
  auto& strikes = axes_[axis].strikes;
  const auto place = std::lower_bound(strikes.begin(), strikes.end(), coordinate,
                                      [this](NodeIndex n, Coordinate c) { return nodes_[n].coordinate < c; });
  if (place != strikes.end() && nodes_[*place].coordinate == coordinate) return *place;
  if (nodes_.size() == max_nodes_) return std::nullopt;
  nodes_.push_back({coordinate, axis, 0});
  const auto added = static_cast<NodeIndex>(nodes_.size() - 1);
  strikes.insert(place, added);
  return added;
}

void AxisTable::set_bound(AxisIndex a, AxisIndex b, Coordinate bound_units) noexcept {
  ARBEES_ASSERT(a != b && a < axes_.size() && b < axes_.size());
  ARBEES_ASSERT(bound_units >= 0 && bound_units <= kMaxStrikeUnits);
  bounds_[a * kMaxAxes + b] = bounds_[b * kMaxAxes + a] = 2 * bound_units;
}

void AxisTable::number_ranks() noexcept {
  for (const Axis& axis : axes_) {
    std::uint32_t rank = 0;
    for (const NodeIndex node : axis.strikes) nodes_[node].rank = ++rank;
  }
}

std::uint32_t AxisTable::rank(AxisIndex axis, NodeIndex node) const noexcept {
  if (node == kMinusInfinityNode) return 0;
  if (node == kPlusInfinityNode) return static_cast<std::uint32_t>(axes_[axis].strikes.size()) + 1;
  return nodes_[node].rank;
}

Coordinate AxisTable::coordinate_at(AxisIndex axis, std::uint32_t rank) const noexcept {
  const auto& strikes = axes_[axis].strikes;
  if (rank == 0) return kMinusInfinity;
  if (rank > strikes.size()) return kPlusInfinity;
  return nodes_[strikes[rank - 1]].coordinate;
}

std::optional<NodeIndex> AxisTable::jump_target(NodeIndex node, AxisIndex other) const noexcept {
  const Coordinate limit = fold_up(nodes_[node].coordinate - bound(nodes_[node].axis, other), axes_[other].step);
  const auto& strikes = axes_[other].strikes;
  const auto beyond = std::upper_bound(strikes.begin(), strikes.end(), limit,
                                       [this](Coordinate c, NodeIndex n) { return c < nodes_[n].coordinate; });
  if (beyond == strikes.begin()) return std::nullopt;
  return *(beyond - 1);
}

}  // namespace arbees
