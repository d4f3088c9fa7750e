#pragma once
// The order book of a spot pair, with the same proof states as a contract's book (order_book.h).
//
// Spot prices have no bounded grid, so each side is a flat vector sorted by price with the best level at
// the back: changes near the best, which nearly all are, move little. Invariants: prices of a side are
// unique and sorted, every quantity is positive, a side holds at most kMaxLevels (the worst are dropped,
// as venues limit depth too). Quantities are absolute: no spot venue sends differences.

#include <cstddef>
#include <vector>

#include "core/base/time.h"
#include "core/market/order_book.h"
#include "core/market/values.h"

namespace arbees {

struct SpotLevel {
  SpotPrice price;
  SpotQuantity quantity;

  constexpr bool operator==(const SpotLevel&) const noexcept = default;
};

class SpotBook {
 public:
  static constexpr std::size_t kMaxLevels = 65'536;

  // One change of one level; Clear forgets both sides. Returns None, or the fault that this change is, which
  // the book then has. Add is not part of any spot protocol and is refused.
  BookFault apply(BookAction action, BookSide side, SpotPrice price, SpotQuantity quantity);

  // As for OrderBook: a snapshot heals every fault, the first fault found outside stays.
  void begin_snapshot() noexcept;
  void end_snapshot() noexcept;
  void mark(BookFault fault) noexcept;
  void set_updated_at(Timestamp now) noexcept { updated_at_ = now; }

  // Drops the levels of each side beyond the best `depth`, as venues with a fixed depth do without saying.
  void truncate(std::size_t depth) noexcept;

  [[nodiscard]] BookFault fault() const noexcept { return fault_; }
  [[nodiscard]] bool is_crossed() const noexcept;
  [[nodiscard]] BookStatus status() const noexcept;
  // The same, Stale if the last change or confirmation is older than max_age at `now`.
  [[nodiscard]] BookStatus status(Timestamp now, Duration max_age) const noexcept;
  [[nodiscard]] Timestamp updated_at() const noexcept { return updated_at_; }

  [[nodiscard]] bool has_bid() const noexcept { return !bids_.empty(); }
  [[nodiscard]] bool has_ask() const noexcept { return !asks_.empty(); }
  // The side must not be empty.
  [[nodiscard]] const SpotLevel& best_bid() const noexcept { return bids_.back(); }
  [[nodiscard]] const SpotLevel& best_ask() const noexcept { return asks_.back(); }
  [[nodiscard]] std::size_t level_count(BookSide side) const noexcept { return levels(side).size(); }
  [[nodiscard]] SpotQuantity quantity_at(BookSide side, SpotPrice price) const noexcept;

  // Calls visit(level) from the best level on until it returns false.
  template <class Visit>
  void walk(BookSide side, Visit&& visit) const {
    const std::vector<SpotLevel>& all = levels(side);
    for (auto level = all.rbegin(); level != all.rend(); ++level) {
      if (!visit(*level)) return;
    }
  }

 private:
  [[nodiscard]] const std::vector<SpotLevel>& levels(BookSide side) const noexcept {
    return side == BookSide::Bid ? bids_ : asks_;
  }

  std::vector<SpotLevel> bids_;  // ascending
  std::vector<SpotLevel> asks_;  // descending
  Timestamp updated_at_ = kNoTime;
  BookFault fault_ = BookFault::NoSnapshot;
  bool in_snapshot_ = false;
};

}  // namespace arbees
