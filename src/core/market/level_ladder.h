#pragma once
// One side of a book: quantity by price, a flat array indexed by price step with an occupancy bitmap.
//
// Invariants: a bit is set exactly where the quantity is positive; the step divides every occupied price. Setting,
// finding the best and walking to the next level cost a few instructions. The array grows (allocates) only in
// prepare(), or when a finer price than prepared for appears.

#include <cstdint>
#include <vector>

#include "core/market/values.h"

namespace arbees {

class LevelLadder {
 public:
  // The step of ladders that nothing prepared: a tenth of a cent.
  static constexpr std::int64_t kInitialStep = 10;

  [[nodiscard]] bool empty() const noexcept { return level_count_ == 0; }
  [[nodiscard]] std::size_t level_count() const noexcept { return level_count_; }
  [[nodiscard]] Quantity quantity_at(Price price) const noexcept;

  // Makes room for prices of this step, so that setting them allocates nothing. Keeps what is there.
  void prepare(Price step);

  // price in [0, 1]; quantity ≥ 0, zero removes the level.
  void set(Price price, Quantity quantity) noexcept;
  void clear() noexcept;

  // Grows with every change: by one for a level set, whose price is last_changed(), by more for a clear.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
  [[nodiscard]] Price last_changed() const noexcept { return last_changed_; }

  // The extreme occupied prices; the ladder must not be empty.
  [[nodiscard]] Price highest() const noexcept { return price_of(highest_); }
  [[nodiscard]] Price lowest() const noexcept { return price_of(lowest_); }
  [[nodiscard]] Quantity highest_quantity() const noexcept { return quantities_[highest_]; }
  [[nodiscard]] Quantity lowest_quantity() const noexcept { return quantities_[lowest_]; }

  // Calls visit(price, quantity) from the highest price down, or from the lowest up, until it returns false.
  template <class Visit>
  void walk_down(Visit&& visit) const {
    if (empty()) return;
    for (std::size_t i = highest_;; i = previous_occupied(i)) {
      if (!visit(price_of(i), quantities_[i]) || i == lowest_) return;
    }
  }
  template <class Visit>
  void walk_up(Visit&& visit) const {
    if (empty()) return;
    for (std::size_t i = lowest_;; i = next_occupied(i)) {
      if (!visit(price_of(i), quantities_[i]) || i == highest_) return;
    }
  }

 private:
  [[nodiscard]] Price price_of(std::size_t index) const noexcept {
    return Price::from_units(static_cast<std::int64_t>(index) * step_);
  }
  // The nearest occupied index strictly beyond `index`; there must be one.
  [[nodiscard]] std::size_t previous_occupied(std::size_t index) const noexcept;
  [[nodiscard]] std::size_t next_occupied(std::size_t index) const noexcept;
  void refine(std::int64_t step);

  std::vector<Quantity> quantities_;     // by price / step_; empty until the first level
  std::vector<std::uint64_t> occupied_;  // one bit per index
  std::int64_t step_ = kInitialStep;
  std::size_t level_count_ = 0;
  std::size_t highest_ = 0;
  std::size_t lowest_ = 0;
  std::uint64_t revision_ = 0;
  Price last_changed_;
};

}  // namespace arbees
