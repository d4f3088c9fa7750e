#pragma once
// The minimum-cost circulation with all levels: how much of what to buy for the greatest riskless profit.
//
// It starts from a network without negative cycles and takes in the arcs that detection had to leave
// out, one after the other: as long as the arc closes a negative cycle, the shortest such cycle is
// filled to its narrowest place (successive shortest paths; Ahuja, Magnanti and Orlin 1993, ch. 9).
// Every step keeps all reduced costs ≥ 0, so the result is optimal, and it is in whole lots because
// all capacities are. Each cycle filled is kept with what it gains, so that unprofitable ones can be
// dropped again once fees are rounded.

#include <cstdint>
#include <span>
#include <vector>

#include "core/arbitrage/arc_costs.h"
#include "core/arbitrage/arc_network.h"
#include "core/base/wide_int.h"

namespace arbees {

// One cycle that was filled: the instrument arcs on it, and its profit in 10^-12 dollars · lots.
struct FilledCycle {
  std::uint32_t first_step = 0;
  std::uint32_t step_count = 0;
  Lots lots = 0;
  Int128 gain = 0;
};

// An instrument arc on a cycle; `lots` is negative where the cycle takes flow back.
struct CycleStep {
  ArcIndex arc = 0;
  Lots lots = 0;
};

class Circulation {
 public:
  Circulation(std::size_t max_nodes, std::size_t max_arcs, std::size_t max_cycles);

  // Takes over a network and its flow (by arc); `held_only`: the market is not used.
  void start(const Topology& topology, const NetworkState& state, const std::vector<Lots>& flow,
             bool held_only) noexcept;
  // Takes the arc in. False if the limit of cycles was reached: the flow is valid but may not be optimal.
  bool take_in(const Topology& topology, const ArcCosts& costs, ShortestPaths& paths, ArcIndex arc) noexcept;

  [[nodiscard]] const NetworkState& state() const noexcept { return state_; }
  [[nodiscard]] const std::vector<Lots>& flow() const noexcept { return flow_; }
  [[nodiscard]] std::size_t cycle_limit() const noexcept { return cycles_.capacity(); }
  [[nodiscard]] std::span<const FilledCycle> cycles() const noexcept { return cycles_; }
  [[nodiscard]] std::span<const CycleStep> steps(const FilledCycle& cycle) const noexcept {
    return std::span(steps_).subspan(cycle.first_step, cycle.step_count);
  }
  // Sum of all gains: the optimum before fees are rounded, in 10^-12 dollars · lots.
  [[nodiscard]] Int128 gain() const noexcept { return gain_; }

 private:
  void refresh(const Topology& topology, const ArcCosts& costs, ArcIndex arc) noexcept;
  void push(const Topology& topology, const ArcCosts& costs, HalfIndex half, Lots lots) noexcept;
  [[nodiscard]] Lots room(const ArcCosts& costs, HalfIndex half) const noexcept;

  NetworkState state_;
  std::vector<Lots> flow_;
  std::vector<HalfIndex> cycle_;
  std::vector<FilledCycle> cycles_;
  std::vector<CycleStep> steps_;
  Int128 gain_ = 0;
  bool held_only_ = false;
};

}  // namespace arbees
