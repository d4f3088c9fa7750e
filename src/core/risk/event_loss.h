#pragma once
// The worst that positions and orders of one event can lose over all states of the world.
//
// Contracts of one settlement value are netted exactly, state by state; values of different sources are
// taken as independent, so that a hedge across sources counts for nothing here. An order counts in the
// states where it loses and not in those where it gains: whether it fills is not ours to say.

#include <cstdint>

#include "core/arbitrage/axis.h"
#include "core/base/bounded_vector.h"
#include "core/market/order.h"

namespace arbees {

class EventLoss {
 public:
  void clear() noexcept;
  void add_position(const ContractTerms& terms, Outcome outcome, Quantity quantity, Money cost) noexcept {
    add(terms, outcome, quantity, cost, true);
  }
  void add_order(const ContractTerms& terms, Outcome outcome, Quantity quantity, Money cost) noexcept {
    add(terms, outcome, quantity, cost, false);
  }

  // Positive: lost in the worst state.
  [[nodiscard]] Money worst() const noexcept;

 private:
  struct Item {
    AxisInterval pays;
    Money cost;
    Money payout;  // where it pays
    bool pays_inside = true;
    bool is_held = true;
  };

  void add(const ContractTerms& terms, Outcome outcome, Quantity quantity, Money cost, bool is_held) noexcept;
  [[nodiscard]] Money loss_at(const AxisKey& axis, Coordinate value) const noexcept;
  [[nodiscard]] Money worst_on(const AxisKey& axis) const noexcept;

  BoundedVector<Item, 128> items_;
  Money lost_;  // of what has no axis, or no room: counted as lost in whole
};

}  // namespace arbees
