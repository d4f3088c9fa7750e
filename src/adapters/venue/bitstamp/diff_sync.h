#pragma once
// Joins Bitstamp's changed levels to a REST order book: nothing but microtimestamps says which comes after which.
//
// Changes not newer than the order book are in it already. They are kept while an order book is awaited and
// applied after it. An order book older than the oldest kept change proves nothing: what changed between the
// two may have been before we listened. Stamps repeat, so an equal one is newer than an applied one, but not
// than the order book's. Source: bitstamp.net, WebSocket v2 (docs/venues/bitstamp.md).

#include <cstdint>
#include <span>
#include <vector>

#include "adapters/venue/spot_events.h"
#include "core/base/time.h"

namespace arbees::bitstamp {

enum class DiffStep : std::uint8_t {
  Apply,   // newer than what is known
  Wait,    // no order book yet: kept
  Known,   // the order book has it already
  Late,    // older than what was applied
  NoRoom,  // kept, and all kept before it were dropped
};

class DiffSync {
 public:
  static constexpr std::size_t kMaxKept = 4096;
  static constexpr std::size_t kMaxKeptLevels = 262'144;

  struct Kept {
    std::uint64_t stamp = 0;
    Timestamp exchange_at = kNoTime;
    std::size_t first_level = 0;
    std::size_t level_count = 0;
  };

  [[nodiscard]] bool is_live() const noexcept { return is_live_; }
  // An order book was asked for: from now on changes are kept although they are applied as well.
  void expect_book() noexcept;

  [[nodiscard]] DiffStep on_diff(std::uint64_t stamp, Timestamp exchange_at, std::span<const SpotChange> levels);

  // Whether the order book can follow on what is known. If so the book is live at it, and kept() holds the changes
  // to apply; then forget_kept(). If not, nothing changes.
  [[nodiscard]] bool on_book(std::uint64_t stamp);
  [[nodiscard]] const std::vector<Kept>& kept() const noexcept { return kept_; }
  [[nodiscard]] std::span<const SpotChange> levels_of(const Kept& diff) const noexcept {
    return {levels_.data() + diff.first_level, diff.level_count};
  }
  void forget_kept() noexcept;
  // Back to waiting for an order book.
  void stop() noexcept;

 private:
  bool keep(std::uint64_t stamp, Timestamp exchange_at, std::span<const SpotChange> levels);

  std::vector<Kept> kept_;
  std::vector<SpotChange> levels_;
  std::uint64_t book_stamp_ = 0;
  std::uint64_t last_stamp_ = 0;  // applied
  std::uint64_t kept_since_ = 0;  // the last one applied when keeping began
  bool is_live_ = false;
  bool is_keeping_ = true;
};

}  // namespace arbees::bitstamp
