#pragma once
// All contracts of one asset and one law, repriced together when the spot moves, with the edge test.
//
// What does not depend on the spot is compiled into a slope and one or two offsets per contract (`add`, `set`): do it
// when quotes, volatility, known prints or time change, say once a tick of the timer. A spot tick is then one
// logarithm (or division) and a polynomial per contract. Decisions are made by the exact form wherever the fast one
// is near a level, so they are the same on every processor; probabilities have an error of `tolerance()` at most, and
// exact() has that of the library functions.
//
// Between compilations spot_sd/spot is held; a contract in the arithmetic law keeps its deviation proportional to spot.
// Memory is taken at construction only.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/pricing/digital.h"
#include "core/pricing/fair_value_kernel.h"
#include "core/pricing/fast_law.h"

namespace arbees {

enum class Edge : std::uint8_t { None, BuyYes, BuyNo };

// Probabilities at which an edge fires, from quotes, fees and the minimum edge: p ≥ buy_yes_from, p ≤ buy_no_to.
struct EdgeLevels {
  double buy_yes_from = 2.0;  // above 1: never
  double buy_no_to = -1.0;    // below 0: never
};

struct EdgeSignal {
  std::uint32_t contract = 0;
  Edge edge = Edge::None;
  double probability = 0.0;  // exact
};

// p = F(slope·x + lower) [− F(upper_slope·x + upper)], x = the batch's coordinate of the spot.
struct CompiledContract {
  double slope = 0.0;
  double lower = 0.0;
  double upper_slope = 0.0;
  double upper = 0.0;
  bool is_range = false;
};

// With the library's functions. The coordinate is that of the batch that compiled the contract.
[[nodiscard]] double exact_probability(const FastLaw& law, const CompiledContract& contract, double x) noexcept;

[[nodiscard]] Edge edge_at(EdgeLevels levels, double probability) noexcept;

class FairValueBatch {
 public:
  // `reference_spot`: near which the spot moves; keeps the coordinates small and precise.
  FairValueBatch(MoveLaw law, double reference_spot, std::size_t thresholds, std::size_t ranges);

  // Coordinate of a spot price: ln(S/S₀) for the lognormal law, 1 − S₀/S for the others.
  [[nodiscard]] double coordinate(double spot) const noexcept;

  // Inputs must be valid and of the batch's law.
  [[nodiscard]] CompiledContract compile_threshold(const PricingInputs& inputs, Comparator comparator,
                                                   double strike) const noexcept;
  [[nodiscard]] CompiledContract compile_range(const PricingInputs& inputs, double lower, double upper,
                                               bool includes_upper) const noexcept;

  // The new contract's number, valid for `set`, `set_levels` and results. Room must be left.
  [[nodiscard]] std::uint32_t add(const CompiledContract& contract, EdgeLevels levels) noexcept;
  void set(std::uint32_t contract, const CompiledContract& compiled) noexcept;
  void set_levels(std::uint32_t contract, EdgeLevels levels) noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return thresholds_.used + ranges_.used; }

  // Reprices everything; the signals are those contracts that fire, decided exactly. `out` must have room for all.
  [[nodiscard]] std::span<const EdgeSignal> tick(double spot, std::span<EdgeSignal> out) noexcept;

  // Of the last tick.
  [[nodiscard]] double probability(std::uint32_t contract) const noexcept;
  [[nodiscard]] double exact(std::uint32_t contract, double x) const noexcept;
  [[nodiscard]] Edge decide(std::uint32_t contract, double probability) const noexcept;
  [[nodiscard]] const FastLaw& law() const noexcept { return law_; }
  [[nodiscard]] double tolerance() const noexcept { return tolerance_; }
  [[nodiscard]] CompiledContract compiled(std::uint32_t contract) const noexcept;
  [[nodiscard]] EdgeLevels levels(std::uint32_t contract) const noexcept;

  // Chosen at construction; tests and measurements may force another supported one.
  void use_kernel(Kernel kernel) noexcept;

 private:
  // Structure of arrays, padded with rows that never fire.
  struct Block {
    Block(std::size_t capacity, bool has_upper);
    [[nodiscard]] KernelRows rows() noexcept;

    std::vector<double> slope, lower, upper_slope, upper, yes_from, no_to, middle, half_width, probability;
    std::vector<std::uint8_t> candidates;
    std::size_t used = 0;
    std::size_t capacity = 0;
  };
  static constexpr std::uint32_t kRangeBit = 1U << 31;

  [[nodiscard]] Block& block_of(std::uint32_t contract) noexcept;
  [[nodiscard]] const Block& block_of(std::uint32_t contract) const noexcept;
  [[nodiscard]] static std::size_t row_of(std::uint32_t contract) noexcept { return contract & ~kRangeBit; }
  [[nodiscard]] double row_offset(const PricingInputs& inputs, double level, double& slope) const noexcept;
  std::size_t collect(Block& block, std::uint32_t flag, double x, std::span<EdgeSignal> out) noexcept;

  FastLaw law_;
  double reference_spot_;
  double tolerance_;
  Kernel kernel_;
  Block thresholds_;
  Block ranges_;
};

}  // namespace arbees
