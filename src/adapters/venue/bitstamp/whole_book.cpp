#include "adapters/venue/bitstamp/whole_book.h"

#include <algorithm>

namespace arbees::bitstamp {
namespace {

// Bids before asks, each from its best level on.
bool comes_before(const SpotChange& a, const SpotChange& b) noexcept {
  if (a.side != b.side) return a.side == BookSide::Bid;
  return a.side == BookSide::Bid ? a.price > b.price : a.price < b.price;
}

}  // namespace

bool WholeBook::replace(std::span<const SpotChange> levels) {
  changes_.clear();
  const bool is_sorted = std::adjacent_find(levels.begin(), levels.end(), [](const auto& a, const auto& b) noexcept {
                           return !comes_before(a, b);
                         }) == levels.end();
  if (!is_sorted) {
    is_known_ = false;
    return false;
  }
  if (!is_known_) levels_.clear();
  auto old = levels_.begin();
  for (const SpotChange& level : levels) {
    for (; old != levels_.end() && comes_before(*old, level); ++old) {
      changes_.push_back(SpotChange{old->price, SpotQuantity(), old->side});
    }
    const bool is_same_price = old != levels_.end() && !comes_before(level, *old);
    if (!is_same_price || old->quantity != level.quantity) changes_.push_back(level);
    if (is_same_price) ++old;
  }
  for (; old != levels_.end(); ++old) changes_.push_back(SpotChange{old->price, SpotQuantity(), old->side});
  levels_.assign(levels.begin(), levels.end());
  is_known_ = true;
  return true;
}

}  // namespace arbees::bitstamp
