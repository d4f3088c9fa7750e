#pragma once
// What the next unit of flow on each arc costs: price levels of instruments, constants of free arcs.
//
// Arc 2c buys Yes of contract c, arc 2c + 1 buys No; the free arcs (dollars, over-coverage, jumps) come
// after them. Level 0 of an instrument arc is what is already held, at what it could be sold for; then follow
// the displayed levels, best first, price plus fee. Costs ascend with the levels (a bid is below the ask), so the
// cheapest flow fills them in order and one arc stands for all of them. Flow is counted in lots.

#include <cstdint>
#include <vector>

#include "core/arbitrage/arc_network.h"
#include "core/market/values.h"

namespace arbees {

using Lots = std::int64_t;
inline constexpr Lots kUnlimited = Lots{1} << 60;

struct CostLevel {
  Price price;
  Lots lots = 0;
  PathCost cost = 0;
};

// The next unit: what it costs and how many lots there are of it. No lots: cost is kNoCost.
struct Margin {
  PathCost cost = kNoCost;
  Lots room = 0;
};

class ArcCosts {
 public:
  // Levels: displayed ones that are kept of each arc.
  ArcCosts(std::size_t max_instrument_arcs, std::size_t levels);

  [[nodiscard]] std::size_t level_limit() const noexcept { return width_ - 1; }
  [[nodiscard]] std::size_t instrument_arcs() const noexcept { return counts_.size(); }
  [[nodiscard]] bool is_instrument(ArcIndex arc) const noexcept { return arc < counts_.size(); }

  void add_instrument_arc(PathCost held_cost) noexcept;
  void clear_free_arcs() noexcept { free_costs_.clear(); }
  void reserve_free_arcs(std::size_t limit) { free_costs_.reserve(limit); }
  void add_free_arc(PathCost cost) noexcept { free_costs_.push_back(cost); }

  void set_held(ArcIndex arc, Lots lots, PathCost cost) noexcept {
    level(arc, 0).lots = lots;
    level(arc, 0).cost = cost;
  }
  [[nodiscard]] Lots held(ArcIndex arc) const noexcept { return level(arc, 0).lots; }
  // Displayed level i, 0 the best; the count must be set to match.
  [[nodiscard]] CostLevel& displayed(ArcIndex arc, std::size_t i) noexcept { return level(arc, i + 1); }
  [[nodiscard]] const CostLevel& displayed(ArcIndex arc, std::size_t i) const noexcept { return level(arc, i + 1); }
  void set_displayed_count(ArcIndex arc, std::size_t count) noexcept {
    counts_[arc] = static_cast<std::uint32_t>(count + 1);
  }
  [[nodiscard]] std::size_t displayed_count(ArcIndex arc) const noexcept { return counts_[arc] - 1; }

  // All lots of the arc.
  [[nodiscard]] Lots capacity(ArcIndex arc) const noexcept;

  // The next lot forward, or one lot back, when the arc carries this flow. With `held_only` the market is ignored.
  [[nodiscard]] Margin forward(ArcIndex arc, Lots flow, bool held_only) const noexcept;
  [[nodiscard]] Margin backward(ArcIndex arc, Lots flow) const noexcept;

 private:
  [[nodiscard]] CostLevel& level(ArcIndex arc, std::size_t i) noexcept { return levels_[arc * width_ + i]; }
  [[nodiscard]] const CostLevel& level(ArcIndex arc, std::size_t i) const noexcept { return levels_[arc * width_ + i]; }

  std::size_t width_;                  // levels per arc: the held one and the displayed ones
  std::vector<CostLevel> levels_;      // width_ of each arc
  std::vector<std::uint32_t> counts_;  // levels in use of each arc, the held one included
  std::vector<PathCost> free_costs_;
};

}  // namespace arbees
