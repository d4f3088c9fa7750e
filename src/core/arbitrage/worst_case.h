#pragma once
// The least that a portfolio pays over all allowed states: the independent check behind every certificate.
//
// It knows nothing of arcs and cycles: it cuts each axis at the strikes of the contracts that are in
// the portfolio, adds up what they pay in each cell, and searches the combinations of cells that can
// occur together (branch and bound over the axes). Payoffs are in units of Quantity: a contract pays $1.

#include <array>
#include <cstdint>
#include <vector>

#include "core/arbitrage/axis_table.h"
#include "core/base/bounded_vector.h"

namespace arbees {

// `units` contracts that pay 1 on [from, to) of the axis (ranks), or everywhere else if `inverted`.
struct PayoffTerm {
  AxisIndex axis = 0;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::int64_t units = 0;
  bool inverted = false;
};

// One state: a cell [from, to) of coordinates on each axis that matters.
struct AxisCell {
  AxisIndex axis = 0;
  Coordinate from = kMinusInfinity;
  Coordinate to = kPlusInfinity;
};
using WorstState = BoundedVector<AxisCell, kMaxAxes>;
inline constexpr std::size_t kMaxWorstStates = 8;

class WorstCase {
 public:
  explicit WorstCase(std::size_t max_terms);

  void clear() noexcept { terms_.clear(); }
  void add(const PayoffTerm& term) noexcept;

  // The least payoff over all allowed states.
  [[nodiscard]] std::int64_t least(const AxisTable& axes) noexcept;
  // Up to kMaxWorstStates states with that payoff (after least()). Axes that no bound connects are
  // independent of each other; their worst cells come as states of their own.
  void collect_states(const AxisTable& axes, std::vector<WorstState>& states) noexcept;

 private:
  struct Part {  // what one axis adds, cell by cell
    AxisIndex axis = 0;
    std::uint32_t first_cell = 0;
    std::uint32_t cell_count = 0;
    std::uint32_t component = 0;
    std::int64_t least = 0;
  };
  struct CellValue {
    Cell cell;
    std::int64_t units = 0;
  };

  void cut_axis(const AxisTable& axes, AxisIndex axis) noexcept;
  void find_components(const AxisTable& axes) noexcept;
  // The parts of one component, in order, into order_.
  void choose_component(std::uint32_t component) noexcept;
  void descend(const AxisTable& axes, std::size_t depth, std::int64_t sum, std::vector<WorstState>* states) noexcept;
  [[nodiscard]] bool fits(const AxisTable& axes, std::size_t depth, const CellValue& candidate) const noexcept;

  std::vector<PayoffTerm> terms_;
  std::vector<std::uint32_t> cuts_;
  std::vector<CellValue> cells_;
  BoundedVector<Part, kMaxAxes> parts_;
  BoundedVector<std::uint32_t, kMaxAxes> order_;   // parts of the component in work
  std::array<std::int64_t, kMaxAxes + 1> rest_{};  // least that parts from here on add
  std::array<std::uint32_t, kMaxAxes> chosen_{};   // cell of each part, by depth
  std::array<std::int64_t, kMaxAxes> component_least_{};
  std::uint32_t component_count_ = 0;
  std::int64_t constant_ = 0;
  std::int64_t best_ = 0;
};

}  // namespace arbees
