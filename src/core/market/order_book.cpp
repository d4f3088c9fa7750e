#include "core/market/order_book.h"

namespace arbees {
namespace {

// No real level is larger; sums over a book of 10,001 such levels still fit.
constexpr Quantity kLargestLevel = Quantity::whole(1'000'000'000'000);

}  // namespace

std::string_view book_status_name(BookStatus status) noexcept {
  switch (status) {
    case BookStatus::Unproven: return "unproven";
    case BookStatus::Proven: return "proven";
    case BookStatus::Stale: return "stale";
    case BookStatus::Gap: return "gap";
    case BookStatus::Crossed: return "crossed";
  }
  return "unproven";
}

BookFault OrderBook::apply(BookAction action, BookSide side, Price price, Quantity quantity) noexcept {
  if (action == BookAction::Clear) {
    bids_.clear();
    asks_.clear();
    return BookFault::None;
  }
  LevelLadder& ladder = side == BookSide::Bid ? bids_ : asks_;
  if (!is_contract_price(price)) {
    mark(BookFault::OutOfRange);
    return BookFault::OutOfRange;
  }
  Quantity level = quantity;
  if (action == BookAction::Add) {
    // Both summands are bounded before they are added: no overflow.
    if (quantity > kLargestLevel || quantity < -kLargestLevel) {
      mark(BookFault::OutOfRange);
      return BookFault::OutOfRange;
    }
    level += ladder.quantity_at(price);
  }
  if (level.is_negative()) {
    mark(BookFault::NegativeLevel);
    return BookFault::NegativeLevel;
  }
  if (level > kLargestLevel) {
    mark(BookFault::OutOfRange);
    return BookFault::OutOfRange;
  }
  if (!level.is_zero() && !grid_.contains(price)) {
    mark(BookFault::OffTick);
    return BookFault::OffTick;
  }
  ladder.set(price, level);
  return BookFault::None;
}

void OrderBook::reset() noexcept {
  bids_.clear();
  asks_.clear();
  updated_at_ = kNoTime;
  grid_ = PriceGrid{};
  fault_ = BookFault::NoSnapshot;
  in_snapshot_ = false;
}

void OrderBook::begin_snapshot() noexcept {
  bids_.clear();
  asks_.clear();
  fault_ = BookFault::None;
  in_snapshot_ = true;
}

void OrderBook::end_snapshot() noexcept { in_snapshot_ = false; }

void OrderBook::mark(BookFault fault) noexcept {
  if (fault_ == BookFault::None || fault_ == BookFault::NoSnapshot) fault_ = fault;
}

void OrderBook::set_grid(const PriceGrid& grid) noexcept {
  if (grid_ == grid) return;
  grid_ = grid;
  if (grid.is_known()) {
    bids_.prepare(grid.common_step());
    asks_.prepare(grid.common_step());
  }
  if (!grid.is_known() || fault_ == BookFault::NoSnapshot) return;
  const auto check = [&](Price price, Quantity) noexcept {
    if (grid_.contains(price)) return true;
    mark(BookFault::TickChanged);
    return false;
  };
  bids_.walk_down(check);
  asks_.walk_up(check);
}

bool OrderBook::is_crossed() const noexcept { return has_bid() && has_ask() && best_bid() >= best_ask(); }

BookStatus OrderBook::status() const noexcept {
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

BookStatus OrderBook::status(Timestamp now, Duration max_age) const noexcept {
  const BookStatus without_age = status();
  if (without_age == BookStatus::Proven && now - updated_at_ > max_age) return BookStatus::Stale;
  return without_age;
}

Quantity OrderBook::quantity_at(BookSide side, Price price) const noexcept {
  return (side == BookSide::Bid ? bids_ : asks_).quantity_at(price);
}

}  // namespace arbees
