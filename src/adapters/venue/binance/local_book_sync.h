#pragma once
// The venue's algorithm for a local order book: which depth updates to apply, keep or drop.
//
// Updates carry the range [U, u] of ids they cover. Before the REST snapshot they are kept; the snapshot
// with lastUpdateId L drops those with u ≤ L, and the first one left must satisfy U ≤ L + 1. From then on
// each update must begin at most at the last id + 1; a later start is a gap, and a new snapshot is needed.
// Source: binance-spot-api-docs, "How to manage a local order book correctly" (docs/venues/binance.md).

#include <cstdint>
#include <vector>

#include "core/base/time.h"
#include "core/market/order_book.h"

namespace arbees::binance {

struct DepthLevel {
  SpotPrice price;
  SpotQuantity quantity;
  BookSide side = BookSide::Bid;
};

// The ids one update covers.
struct UpdateRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

enum class SyncStep : std::uint8_t {
  Apply,         // follows on what is known
  Keep,          // waits for a snapshot
  KeepAfterGap,  // the same, and an update before it was lost
  Ignore,        // the snapshot already has it
  Late,          // older than what was applied after the snapshot
};

class LocalBookSync {
 public:
  static constexpr std::size_t kMaxKeptUpdates = 4096;
  static constexpr std::size_t kMaxKeptLevels = 262'144;

  struct KeptUpdate {
    UpdateRange range;
    Timestamp exchange_at = kNoTime;
    std::size_t first_level = 0;
    std::size_t level_count = 0;
  };

  [[nodiscard]] bool is_live() const noexcept { return is_live_; }
  [[nodiscard]] std::uint64_t last_id() const noexcept { return last_id_; }

  // Judges the next update. Apply moves the last id on; Keep and KeepAfterGap ask for keep().
  [[nodiscard]] SyncStep on_update(UpdateRange range) noexcept;
  // Keeps the levels of an update. False if there was no room: all kept before it are forgotten.
  bool keep(UpdateRange range, Timestamp exchange_at, const std::vector<DepthLevel>& levels);

  // Whether a snapshot is no older than what is known and joins the kept updates; then the book is live at it
  // and kept() holds the updates to apply, each judged by on_update() again. If not, nothing changes.
  [[nodiscard]] bool on_snapshot(std::uint64_t last_update_id);
  [[nodiscard]] const std::vector<KeptUpdate>& kept() const noexcept { return kept_; }
  [[nodiscard]] const DepthLevel* levels_of(const KeptUpdate& update) const noexcept {
    return levels_.data() + update.first_level;
  }
  void forget_kept() noexcept;
  // Back to waiting for a snapshot.
  void stop() noexcept;

 private:
  std::vector<KeptUpdate> kept_;
  std::vector<DepthLevel> levels_;
  std::uint64_t last_id_ = 0;       // of the live book
  std::uint64_t last_kept_id_ = 0;  // 0: nothing kept
  bool is_live_ = false;
  bool has_applied_ = false;  // since the snapshot
};

}  // namespace arbees::binance
