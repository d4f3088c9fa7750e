#include "core/arbitrage/arc_costs.h"

#include "core/base/assert.h"

namespace arbees {

ArcCosts::ArcCosts(std::size_t max_instrument_arcs, std::size_t levels)
    : width_(levels + 1), levels_(max_instrument_arcs * width_) {
  counts_.reserve(max_instrument_arcs);
}

void ArcCosts::add_instrument_arc(PathCost held_cost) noexcept {
  ARBEES_ASSERT((counts_.size() + 1) * width_ <= levels_.size());
  counts_.push_back(1);
  level(static_cast<ArcIndex>(counts_.size() - 1), 0) = CostLevel{Price{}, 0, held_cost};
}

Lots ArcCosts::capacity(ArcIndex arc) const noexcept {
  Lots sum = 0;
  for (std::size_t i = 0; i < counts_[arc]; ++i) sum += level(arc, i).lots;
  return sum;
}

Margin ArcCosts::forward(ArcIndex arc, Lots flow, bool held_only) const noexcept {
  if (!is_instrument(arc)) return {free_costs_[arc - counts_.size()], kUnlimited};
  const std::size_t count = held_only ? 1 : counts_[arc];
  Lots filled = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const CostLevel& l = level(arc, i);
    filled += l.lots;
    if (flow < filled) return {l.cost, filled - flow};
  }
  return {};
}

Margin ArcCosts::backward(ArcIndex arc, Lots flow) const noexcept {
  if (flow <= 0) return {};
  if (!is_instrument(arc)) return {-free_costs_[arc - counts_.size()], flow};
  Lots filled = 0;
  for (std::size_t i = 0; i < counts_[arc]; ++i) {
    const CostLevel& l = level(arc, i);
    if (l.lots > 0 && flow <= filled + l.lots) return {-l.cost, flow - filled};
    filled += l.lots;
  }
  return {};
}

}  // namespace arbees
