#include "core/market/spot_book.h"

#include <algorithm>

namespace arbees {
namespace {

// Where the price is or belongs in a side whose best is at the back.
template <class Levels>
auto find_place(Levels& levels, BookSide side, SpotPrice price) noexcept {
  return std::lower_bound(levels.begin(), levels.end(), price,
                          [side](const SpotLevel& level, SpotPrice wanted) noexcept {
                            return side == BookSide::Bid ? level.price < wanted : level.price > wanted;
                          });
}

void keep_best(std::vector<SpotLevel>& levels, std::size_t depth) noexcept {
  if (levels.size() <= depth) return;
  levels.erase(levels.begin(), levels.end() - static_cast<std::ptrdiff_t>(depth));
}

}  // namespace

BookFault SpotBook::apply(BookAction action, BookSide side, SpotPrice price, SpotQuantity quantity) {
  if (action == BookAction::Clear) {
    bids_.clear();
    asks_.clear();
    return BookFault::None;
  }
  if (action != BookAction::Set || !price.is_positive()) {
    mark(BookFault::OutOfRange);
    return BookFault::OutOfRange;
  }
  if (quantity.is_negative()) {
    mark(BookFault::NegativeLevel);
    return BookFault::NegativeLevel;
  }
  std::vector<SpotLevel>& all = side == BookSide::Bid ? bids_ : asks_;
  const auto place = find_place(all, side, price);
  const bool exists = place != all.end() && place->price == price;
  if (quantity.is_zero()) {
    if (exists) all.erase(place);
    return BookFault::None;
  }
  if (exists) {
    place->quantity = quantity;
    return BookFault::None;
  }
  if (all.size() < kMaxLevels) {
    all.insert(place, SpotLevel{price, quantity});
    return BookFault::None;
  }
  // Full: the worst level, at the front, goes; a new one that is worse still never comes in.
  if (place == all.begin()) return BookFault::None;
  std::move(all.begin() + 1, place, all.begin());
  *(place - 1) = SpotLevel{price, quantity};
  return BookFault::None;
}

void SpotBook::begin_snapshot() noexcept {
  bids_.clear();
  asks_.clear();
  fault_ = BookFault::None;
  in_snapshot_ = true;
}

void SpotBook::end_snapshot() noexcept { in_snapshot_ = false; }

void SpotBook::mark(BookFault fault) noexcept {
  if (fault_ == BookFault::None || fault_ == BookFault::NoSnapshot) fault_ = fault;
}

void SpotBook::truncate(std::size_t depth) noexcept {
  keep_best(bids_, depth);
  keep_best(asks_, depth);
}

bool SpotBook::is_crossed() const noexcept { return has_bid() && has_ask() && best_bid().price >= best_ask().price; }

BookStatus SpotBook::status() const noexcept {
  switch (fault_) {
    case BookFault::None: break;
    case BookFault::SequenceGap:
    case BookFault::HashMismatch: return BookStatus::Gap;
    case BookFault::Disconnected: return BookStatus::Stale;
    default: return BookStatus::Unproven;
  }
  if (in_snapshot_) return BookStatus::Unproven;
  return is_crossed() ? BookStatus::Crossed : BookStatus::Proven;
}

BookStatus SpotBook::status(Timestamp now, Duration max_age) const noexcept {
  const BookStatus without_age = status();
  if (without_age == BookStatus::Proven && now - updated_at_ > max_age) return BookStatus::Stale;
  return without_age;
}

SpotQuantity SpotBook::quantity_at(BookSide side, SpotPrice price) const noexcept {
  const std::vector<SpotLevel>& all = levels(side);
  const auto place = find_place(all, side, price);
  return place != all.end() && place->price == price ? place->quantity : SpotQuantity();
}

}  // namespace arbees
