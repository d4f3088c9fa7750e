#pragma once
// The order book of one contract in the Yes frame, with the proof that it may be believed.
//
// Invariants: every level lies on the price step of the book and has a positive quantity; best_bid()
// and best_ask() are exact after every change. A No bid at p arrives here as a Yes ask at 1 − p.
// A book is tradable only while status() is Proven: it began with a snapshot, missed nothing, holds
// nothing impossible and is not crossed. Only a new snapshot heals a fault; a crossing also heals
// when later changes undo it.

#include <cstdint>
#include <string_view>

#include "core/base/time.h"
#include "core/market/level_ladder.h"
#include "core/market/price_grid.h"
#include "core/market/values.h"

namespace arbees {

enum class BookSide : std::uint8_t { Bid, Ask };

enum class BookAction : std::uint8_t {
  Set,    // the level's quantity is now this (0 removes it)
  Add,    // the level's quantity changes by this (may be negative)
  Clear,  // forget all levels: the first record of a snapshot
};

// Why a book is not to be believed. Healed by a snapshot only.
enum class BookFault : std::uint8_t {
  None,
  NoSnapshot,     // nothing known yet
  SequenceGap,    // the feed lost a message
  HashMismatch,   // the venue's hash or checksum disagrees
  NegativeLevel,  // a change took away more than was there
  OffTick,        // a level off the contract's price grid
  OutOfRange,     // a price outside (0, 1) or a quantity beyond any real one
  Malformed,      // a message about this book could not be read
  TickChanged,    // the grid changed under the book
  Disconnected,   // the feed is down
};

enum class BookStatus : std::uint8_t { Unproven, Proven, Stale, Gap, Crossed };

[[nodiscard]] std::string_view book_status_name(BookStatus status) noexcept;

class OrderBook {
 public:
  // One change of one level. Returns None, or the fault that this change is, which the book then has.
  BookFault apply(BookAction action, BookSide side, Price price, Quantity quantity) noexcept;

  // As newly made, but with the memory it has.
  void reset() noexcept;

  // A snapshot begins: all levels and faults are forgotten; the book is unproven until end_snapshot().
  void begin_snapshot() noexcept;
  void end_snapshot() noexcept;

  // Records a fault found outside (gap, hash). The first one stays until a snapshot heals it.
  void mark(BookFault fault) noexcept;
  // Sets the grid that levels must lie on; a level off a changed grid makes the book faulty.
  void set_grid(const PriceGrid& grid) noexcept;
  void set_updated_at(Timestamp now) noexcept { updated_at_ = now; }

  [[nodiscard]] BookFault fault() const noexcept { return fault_; }
  [[nodiscard]] bool is_crossed() const noexcept;
  // The proof state without regard to age.
  [[nodiscard]] BookStatus status() const noexcept;
  // The same, Stale if the last change or confirmation is older than max_age at `now`.
  [[nodiscard]] BookStatus status(Timestamp now, Duration max_age) const noexcept;
  [[nodiscard]] Timestamp updated_at() const noexcept { return updated_at_; }
  [[nodiscard]] const PriceGrid& grid() const noexcept { return grid_; }

  [[nodiscard]] const LevelLadder& bids() const noexcept { return bids_; }
  [[nodiscard]] const LevelLadder& asks() const noexcept { return asks_; }
  [[nodiscard]] bool has_bid() const noexcept { return !bids_.empty(); }
  [[nodiscard]] bool has_ask() const noexcept { return !asks_.empty(); }
  [[nodiscard]] Price best_bid() const noexcept { return bids_.highest(); }
  [[nodiscard]] Price best_ask() const noexcept { return asks_.lowest(); }
  [[nodiscard]] Quantity quantity_at(BookSide side, Price price) const noexcept;

 private:
  LevelLadder bids_;
  LevelLadder asks_;
  Timestamp updated_at_ = kNoTime;
  PriceGrid grid_;
  BookFault fault_ = BookFault::NoSnapshot;
  bool in_snapshot_ = false;
};

}  // namespace arbees
