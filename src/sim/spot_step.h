#pragma once
// What the products of one spot venue did since the last end of a step: gathered, so that a step is one frame.

#include <vector>

#include "sim/spot.h"
#include "sim/world.h"

namespace arbees::sim {

struct ProductStep {
  const SpotProduct* product = nullptr;
  std::vector<SpotLevelChange> changes;  // in order
  std::vector<SpotTradeReport> trades;   // in order
};

class SpotSteps {
 public:
  // All products the world has at this venue.
  SpotSteps(const World& world, Venue venue);

  // Those of other venues are ignored.
  void add(const SpotProduct& product, const SpotLevelChange& change);
  void add(const SpotProduct& product, const SpotTradeReport& trade);
  // The step is over and told.
  void clear() noexcept;

  [[nodiscard]] const std::vector<ProductStep>& products() const noexcept { return products_; }

 private:
  [[nodiscard]] ProductStep* find(const SpotProduct& product) noexcept;

  std::vector<ProductStep> products_;
};

}  // namespace arbees::sim
