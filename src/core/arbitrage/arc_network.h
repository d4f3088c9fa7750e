#pragma once
// A residual network: nodes, arcs with both directions, their present costs, and node potentials.
//
// Every arc has two halves, forward (2·arc) and backward (2·arc + 1); a half that has no capacity has
// cost kNoCost and is skipped. Costs are 10^-12 dollars: fine enough that price plus fee of a contract
// is exact for every fee in use. Invariant kept by the searches: for every present half u → v,
// cost + potential(u) − potential(v) ≥ 0; that is the proof that no negative cycle exists.
// Potentials read as prices: the potential of a strike over that of −∞ is P(value < strike).
//
// Topology is built when contracts are listed. NetworkState can be copied cheaply, so that the sizing
// of an opportunity works on a copy and never disturbs detection. ShortestPaths is the work space of
// both; nothing allocates after construction.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace arbees {

using NodeIndex = std::uint32_t;
using ArcIndex = std::uint32_t;
using HalfIndex = std::uint32_t;
using PathCost = std::int64_t;

inline constexpr PathCost kOneDollar = 1'000'000'000'000;
inline constexpr PathCost kNoCost = std::numeric_limits<PathCost>::max();
inline constexpr HalfIndex kNoHalf = std::numeric_limits<HalfIndex>::max();

[[nodiscard]] constexpr HalfIndex forward_half(ArcIndex arc) noexcept { return 2 * arc; }
[[nodiscard]] constexpr HalfIndex backward_half(ArcIndex arc) noexcept { return 2 * arc + 1; }
[[nodiscard]] constexpr bool is_backward(HalfIndex half) noexcept { return half % 2 != 0; }

struct ArcEnds {
  NodeIndex tail = 0;
  NodeIndex head = 0;
};

// Halves grouped by the node they leave.
class Topology {
 public:
  Topology(std::size_t max_nodes, std::size_t max_arcs);

  void build(std::size_t node_count, const std::vector<ArcEnds>& arcs) noexcept;

  [[nodiscard]] std::size_t node_count() const noexcept { return node_count_; }
  [[nodiscard]] std::size_t half_count() const noexcept { return half_count_; }
  [[nodiscard]] std::uint32_t first_slot(NodeIndex node) const noexcept { return first_[node]; }
  [[nodiscard]] std::uint32_t end_slot(NodeIndex node) const noexcept { return first_[node + 1]; }
  [[nodiscard]] NodeIndex head_of_slot(std::uint32_t slot) const noexcept { return head_of_slot_[slot]; }
  [[nodiscard]] HalfIndex half_of_slot(std::uint32_t slot) const noexcept { return half_of_slot_[slot]; }
  [[nodiscard]] std::uint32_t slot_of(HalfIndex half) const noexcept { return slot_of_half_[half]; }
  [[nodiscard]] NodeIndex tail(HalfIndex half) const noexcept { return head_of_slot(slot_of(half ^ 1U)); }
  [[nodiscard]] NodeIndex head(HalfIndex half) const noexcept { return head_of_slot(slot_of(half)); }

 private:
  std::vector<std::uint32_t> first_;
  std::vector<NodeIndex> head_of_slot_;
  std::vector<HalfIndex> half_of_slot_;
  std::vector<std::uint32_t> slot_of_half_;
  std::size_t node_count_ = 0;
  std::size_t half_count_ = 0;
};

// Costs by slot and potentials by node.
struct NetworkState {
  NetworkState(std::size_t max_nodes, std::size_t max_arcs);

  // Only what the topology uses.
  void copy_from(const NetworkState& other, const Topology& topology) noexcept;
  void shift_potentials(const Topology& topology, PathCost by) noexcept;

  std::vector<PathCost> cost;
  std::vector<PathCost> potential;
};

class ShortestPaths {
 public:
  explicit ShortestPaths(std::size_t max_nodes);

  // Lets a half with this cost into the network: adapts the potentials, touching only nodes that must
  // change, and stores the cost. Returns false, with nothing changed, if that would close a negative
  // cycle (Cotton and Maler 2006, incremental difference constraints; best-first, so each node is
  // settled once, and the search ends as soon as the half's own tail would have to fall).
  bool admit(const Topology& topology, NetworkState& state, HalfIndex half, PathCost cost) noexcept;

  // Shortest reduced distance from `from` to `to`, if below `limit`; then path_to() gives its halves.
  // Lowers potentials so that all reduced costs stay ≥ 0 and those on the path become 0; if `to` is
  // farther than the limit, `from` ends exactly `limit` lower.
  std::optional<PathCost> search(const Topology& topology, NetworkState& state, NodeIndex from, NodeIndex to,
                                 PathCost limit) noexcept;

  // Calls visit(half) for the halves of the path found last, from its end to its start.
  template <class Visit>
  void walk_path(const Topology& topology, NodeIndex from, NodeIndex to, Visit&& visit) const {
    for (NodeIndex node = to; node != from;) {
      const HalfIndex half = parent_[node];
      visit(half);
      node = topology.tail(half);
    }
  }

  // Nodes that the last call settled: a measure of its work.
  [[nodiscard]] std::size_t settled_count() const noexcept { return settled_.size(); }

 private:
  struct Settled {
    NodeIndex node;
    PathCost value;
  };

  void begin() noexcept;
  // Offers a key for the node; keeps the smaller. Returns whether it was taken.
  bool offer(NodeIndex node, PathCost key) noexcept;
  NodeIndex take_least() noexcept;
  void sift_up(std::size_t position) noexcept;
  void sift_down(std::size_t position) noexcept;
  void place(std::size_t position, NodeIndex node) noexcept;

  static constexpr std::uint32_t kSettled = std::numeric_limits<std::uint32_t>::max();

  std::vector<PathCost> key_;            // by node, valid where round_ is the present round
  std::vector<std::uint32_t> round_;     // by node
  std::vector<std::uint32_t> position_;  // by node: place in the heap, or kSettled
  std::vector<HalfIndex> parent_;        // by node: the half by which its key came
  std::vector<NodeIndex> heap_;
  std::vector<Settled> settled_;
  std::size_t heap_size_ = 0;
  std::uint32_t present_round_ = 0;
};

}  // namespace arbees
