#pragma once
// The axes of one payoff graph: their strikes in order, and which axes are bound to each other.
//
// Nodes 0 and 1 are −∞ and +∞, common to all axes (a certain dollar is the same on each). Ranks count
// an axis' nodes from 0 (−∞) over its strikes to the last (+∞); cell r lies between ranks r and r + 1.
// Bounds must keep the triangle inequality if more than two axes are bound (equal bounds do); then
// pairwise limits describe the allowed states exactly, else more states than can occur, which is safe.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/arbitrage/arc_network.h"
#include "core/arbitrage/axis.h"

namespace arbees {

using AxisIndex = std::uint32_t;
inline constexpr std::size_t kMaxAxes = 32;

inline constexpr NodeIndex kMinusInfinityNode = 0;
inline constexpr NodeIndex kPlusInfinityNode = 1;
inline constexpr NodeIndex kFirstStrikeNode = 2;

class AxisTable {
 public:
  AxisTable(std::size_t max_axes, std::size_t max_nodes);

  // The axis with this key, new if there is none yet; absent when there is no room.
  [[nodiscard]] std::optional<AxisIndex> axis(const AxisKey& key) noexcept;
  // The node of this coordinate; absent when there is no room.
  [[nodiscard]] std::optional<NodeIndex> node(AxisIndex axis, Coordinate coordinate) noexcept;
  // Takes |s_a − s_b| ≤ bound (units of strikes, ≥ 0) as certain.
  void set_bound(AxisIndex a, AxisIndex b, Coordinate bound_units) noexcept;
  // Numbers the strikes of each axis; to be called after the last node was added.
  void number_ranks() noexcept;

  [[nodiscard]] std::size_t axis_count() const noexcept { return axes_.size(); }
  [[nodiscard]] std::size_t node_count() const noexcept { return nodes_.size(); }
  [[nodiscard]] const AxisKey& key(AxisIndex axis) const noexcept { return axes_[axis].key; }
  [[nodiscard]] Coordinate step(AxisIndex axis) const noexcept { return axes_[axis].step; }
  // Strikes of the axis in ascending order.
  [[nodiscard]] const std::vector<NodeIndex>& strikes(AxisIndex axis) const noexcept { return axes_[axis].strikes; }
  [[nodiscard]] Coordinate coordinate(NodeIndex node) const noexcept { return nodes_[node].coordinate; }
  [[nodiscard]] AxisIndex axis_of(NodeIndex node) const noexcept { return nodes_[node].axis; }
  [[nodiscard]] std::uint32_t rank(AxisIndex axis, NodeIndex node) const noexcept;
  [[nodiscard]] Coordinate coordinate_at(AxisIndex axis, std::uint32_t rank) const noexcept;
  [[nodiscard]] bool is_bound(AxisIndex a, AxisIndex b) const noexcept { return bound(a, b) >= 0; }
  // The bound in coordinates (twice the units); negative if the axes are not comparable.
  [[nodiscard]] Coordinate bound(AxisIndex a, AxisIndex b) const noexcept { return bounds_[a * kMaxAxes + b]; }

  // The greatest node of `other` that every allowed state with s ≥ node's value reaches too; absent if only −∞.
  [[nodiscard]] std::optional<NodeIndex> jump_target(NodeIndex node, AxisIndex other) const noexcept;

 private:
  struct Axis {
    AxisKey key;
    Coordinate step = 1;
    std::vector<NodeIndex> strikes;
  };
  struct Node {
    Coordinate coordinate = 0;
    AxisIndex axis = 0;
    std::uint32_t rank = 0;
  };

  std::size_t max_axes_;
  std::size_t max_nodes_;
  std::vector<Axis> axes_;
  std::vector<Node> nodes_;
  std::vector<Coordinate> bounds_;
};

}  // namespace arbees
