#pragma once
// Inverted detection: for each contract the interval of the spot in which its decision cannot change.
//
// The cumulative function is inverted when a quote, the volatility or the time changes (`refresh`, `refresh_all`);
// a spot tick is then two compares against the tightest interval of all, and a scan of the contracts only when it is
// left. A contract outside its own interval is decided by the exact form and gets a new interval, and intervals
// end a hair (1e-9 standard deviations) before the true level, so decisions equal the direct form's at every tick.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/pricing/fair_value_batch.h"

namespace arbees {

// Coordinates strictly between `low` and `high`: the decision is `edge`.
struct DecisionInterval {
  double low = 0.0;
  double high = 0.0;
  Edge edge = Edge::None;
};

// The interval around x in which the contract's decision stays what it is at x; empty (low = high = x) when x is too
// near a level to promise anything.
[[nodiscard]] DecisionInterval decision_interval(const FastLaw& law, const CompiledContract& contract,
                                                 EdgeLevels levels, double x) noexcept;

class EdgeWatch {
 public:
  // Contracts are those of the batch, which is compiled by its owner; memory is taken here only.
  explicit EdgeWatch(std::size_t capacity);

  // Makes room for so many contracts; the one place beside the constructor that takes memory.
  void reserve(std::size_t capacity);

  // The next contract; its place in the results is the order of adding.
  std::uint32_t add(const CompiledContract& contract, EdgeLevels levels) noexcept;
  void set(std::uint32_t contract, const CompiledContract& compiled, EdgeLevels levels) noexcept;

  // Inverts again around the coordinate x, for one contract or for all; decisions may change.
  void refresh(const FastLaw& law, std::uint32_t contract, double x) noexcept;
  void refresh_all(const FastLaw& law, double x) noexcept;

  // True if any decision may have changed since the last tick: then `edges` are those at x. False: nothing changed.
  [[nodiscard]] bool tick(const FastLaw& law, double x) noexcept {
    if (x > tightest_low_ && x < tightest_high_) [[likely]]
      return false;
    rescan(law, x);
    return true;
  }

  [[nodiscard]] std::span<const Edge> edges() const noexcept { return {edges_.data(), edges_.size()}; }
  // Whether any of them is one.
  [[nodiscard]] bool has_edges() const noexcept { return edge_count_ > 0; }
  [[nodiscard]] std::size_t size() const noexcept { return contracts_.size(); }

 private:
  void rescan(const FastLaw& law, double x) noexcept;
  void invert(const FastLaw& law, std::size_t row, double x) noexcept;
  void tighten() noexcept;

  std::vector<CompiledContract> contracts_;
  std::vector<EdgeLevels> levels_;
  std::vector<double> low_;
  std::vector<double> high_;
  std::vector<Edge> edges_;
  std::size_t edge_count_ = 0;
  double tightest_low_;
  double tightest_high_;
};

}  // namespace arbees
