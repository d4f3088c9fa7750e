#include "core/arbitrage/worst_case.h"

#include <algorithm>
#include <limits>

#include "core/base/assert.h"

namespace arbees {

WorstCase::WorstCase(std::size_t max_terms) {
  terms_.reserve(max_terms);
  cuts_.reserve(2 * max_terms + 2);
  cells_.reserve(2 * max_terms + 2 * kMaxAxes);
}

void WorstCase::add(const PayoffTerm& term) noexcept {
  ARBEES_ASSERT(terms_.size() < terms_.capacity());
  if (term.units != 0) terms_.push_back(term);
}

std::int64_t WorstCase::least(const AxisTable& axes) noexcept {
  parts_.clear();
  cells_.clear();
  constant_ = 0;
  for (const PayoffTerm& term : terms_) {
    if (term.inverted) constant_ += term.units;
  }
  for (AxisIndex axis = 0; axis < axes.axis_count(); ++axis) cut_axis(axes, axis);
  find_components(axes);
  std::int64_t total = constant_;
  for (std::uint32_t component = 0; component < component_count_; ++component) {
    choose_component(component);
    best_ = std::numeric_limits<std::int64_t>::max();
    descend(axes, 0, 0, nullptr);
    component_least_[component] = best_;
    total += best_;
  }
  return total;
}

void WorstCase::collect_states(const AxisTable& axes, std::vector<WorstState>& states) noexcept {
  states.clear();
  for (std::uint32_t component = 0; component < component_count_; ++component) {
    choose_component(component);
    best_ = component_least_[component];
    descend(axes, 0, 0, &states);
  }
}

void WorstCase::cut_axis(const AxisTable& axes, AxisIndex axis) noexcept {
  cuts_.clear();
  for (const PayoffTerm& term : terms_) {
    if (term.axis != axis) continue;
    cuts_.push_back(term.from);
    cuts_.push_back(term.to);
  }
  if (cuts_.empty()) return;
  const auto last_rank = static_cast<std::uint32_t>(axes.strikes(axis).size()) + 1;
  cuts_.push_back(0);
  cuts_.push_back(last_rank);
  std::sort(cuts_.begin(), cuts_.end());
  cuts_.erase(std::unique(cuts_.begin(), cuts_.end()), cuts_.end());

  Part part{axis, static_cast<std::uint32_t>(cells_.size()), static_cast<std::uint32_t>(cuts_.size() - 1), 0,
            std::numeric_limits<std::int64_t>::max()};
  for (std::size_t i = 0; i + 1 < cuts_.size(); ++i) {
    const Cell cell{axes.coordinate_at(axis, cuts_[i]), axes.coordinate_at(axis, cuts_[i + 1]), axes.step(axis)};
    cells_.push_back({cell, 0});
  }
  for (const PayoffTerm& term : terms_) {
    if (term.axis != axis) continue;
    const auto begin = std::lower_bound(cuts_.begin(), cuts_.end(), term.from) - cuts_.begin();
    const auto end = std::lower_bound(cuts_.begin(), cuts_.end(), term.to) - cuts_.begin();
    const std::int64_t units = term.inverted ? -term.units : term.units;
    for (auto i = begin; i < end; ++i) cells_[part.first_cell + static_cast<std::size_t>(i)].units += units;
  }
  for (std::uint32_t i = 0; i < part.cell_count; ++i) {
    part.least = std::min(part.least, cells_[part.first_cell + i].units);
  }
  parts_.push_back(part);
}

void WorstCase::find_components(const AxisTable& axes) noexcept {
  for (std::uint32_t i = 0; i < parts_.size(); ++i) parts_[i].component = i;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!axes.is_bound(parts_[i].axis, parts_[j].axis)) continue;
      const std::uint32_t from = std::max(parts_[i].component, parts_[j].component);
      const std::uint32_t to = std::min(parts_[i].component, parts_[j].component);
      for (Part& part : parts_) {
        if (part.component == from) part.component = to;
      }
    }
  }
  // Numbered without gaps, in order of appearance.
  component_count_ = 0;
  for (std::uint32_t i = 0; i < parts_.size(); ++i) {
    const bool is_new = parts_[i].component == i;
    std::uint32_t number = component_count_;
    if (!is_new) number = parts_[parts_[i].component].component;
    parts_[i].component = number;
    if (is_new) ++component_count_;
  }
}

void WorstCase::choose_component(std::uint32_t component) noexcept {
  order_.clear();
  for (std::uint32_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].component == component) order_.push_back(i);
  }
  rest_[order_.size()] = 0;
  for (std::size_t i = order_.size(); i-- > 0;) rest_[i] = rest_[i + 1] + parts_[order_[i]].least;
}

void WorstCase::descend(const AxisTable& axes, std::size_t depth, std::int64_t sum,
                        std::vector<WorstState>* states) noexcept {
  if (depth == order_.size()) {
    if (states == nullptr) {
      best_ = std::min(best_, sum);
      return;
    }
    if (states->size() == kMaxWorstStates) return;
    WorstState state;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const Cell& cell = cells_[chosen_[i]].cell;
      state.push_back({parts_[order_[i]].axis, cell.from, cell.to});
    }
    states->push_back(state);
    return;
  }
  const Part& part = parts_[order_[depth]];
  for (std::uint32_t i = 0; i < part.cell_count; ++i) {
    const CellValue& candidate = cells_[part.first_cell + i];
    const std::int64_t bound = sum + candidate.units + rest_[depth + 1];
    if (states == nullptr ? bound >= best_ : bound > best_) continue;
    if (!fits(axes, depth, candidate)) continue;
    chosen_[depth] = part.first_cell + i;
    descend(axes, depth + 1, sum + candidate.units, states);
  }
}

bool WorstCase::fits(const AxisTable& axes, std::size_t depth, const CellValue& candidate) const noexcept {
  const AxisIndex axis = parts_[order_[depth]].axis;
  for (std::size_t i = 0; i < depth; ++i) {
    const Coordinate bound = axes.bound(axis, parts_[order_[i]].axis);
    if (bound >= 0 && !can_meet(candidate.cell, cells_[chosen_[i]].cell, bound)) return false;
  }
  return true;
}

}  // namespace arbees
