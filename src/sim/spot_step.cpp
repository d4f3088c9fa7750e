#include "sim/spot_step.h"

#include <algorithm>

namespace arbees::sim {

SpotSteps::SpotSteps(const World& world, Venue venue) {
  for (const SpotProduct* product : world.products(venue)) products_.push_back({product, {}, {}});
}

void SpotSteps::add(const SpotProduct& product, const SpotLevelChange& change) {
  if (ProductStep* step = find(product)) step->changes.push_back(change);
}

void SpotSteps::add(const SpotProduct& product, const SpotTradeReport& trade) {
  if (ProductStep* step = find(product)) step->trades.push_back(trade);
}

void SpotSteps::clear() noexcept {
  for (ProductStep& step : products_) {
    step.changes.clear();
    step.trades.clear();
  }
}

ProductStep* SpotSteps::find(const SpotProduct& product) noexcept {
  const auto it =
      std::find_if(products_.begin(), products_.end(), [&](const ProductStep& s) { return s.product == &product; });
  return it == products_.end() ? nullptr : &*it;
}

}  // namespace arbees::sim
