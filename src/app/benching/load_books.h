#pragma once
// The books that the sender of a measurement changes: bids below 50 cents, asks above, so never crossed.

#include <array>
#include <cstdint>

#include "core/base/random.h"

namespace arbees::app {

// One change of one level, in the frame of Yes.
struct LevelChange {
  std::size_t cent = 0;  // bids 1 to 49, asks 51 to 99
  std::int64_t before = 0;
  std::int64_t after = 0;  // whole contracts

  [[nodiscard]] bool is_bid() const noexcept { return cent < 50; }
};

class LoadBook {
 public:
  void fill(Random& random) noexcept {
    for (std::size_t away = 1; away <= kDepth; ++away) {
      contracts_[50 - away] = random.between(10, 900);
      contracts_[50 + away] = random.between(10, 900);
    }
  }
  LevelChange change(Random& random) noexcept {
    const std::size_t away = 1 + random.below(kDepth);
    LevelChange change;
    change.cent = random.chance(1, 2) ? 50 - away : 50 + away;
    std::int64_t& contracts = contracts_[change.cent];
    change.before = contracts;
    // A level goes now and then, and comes back with the next change of it.
    change.after = contracts != 0 && random.chance(1, 4) ? 0 : random.between(10, 900);
    contracts = change.after;
    return change;
  }
  [[nodiscard]] std::int64_t at(std::size_t cent) const noexcept { return contracts_[cent]; }

 private:
  static constexpr std::size_t kDepth = 20;
  std::array<std::int64_t, 100> contracts_{};
};

}  // namespace arbees::app
