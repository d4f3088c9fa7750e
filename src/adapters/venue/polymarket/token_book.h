#pragma once
// What the decoder keeps about one outcome token: its summary and whether changes are still believed.
//
// The channel has no sequence numbers. A lost change shows in the hash of every later change until the same
// level is set again. But a hash that does not come out is no proof of a loss yet: the venue also sends
// hashes that are ahead of their change (both of two changes in one millisecond carry the hash after the
// second), and recorders swap such changes. So each change whose hash does not come out waits until it is
// explained: the hash comes out with some of the changes received just before and just after it. A change
// still unexplained when kChangesAhead more have come or one more than kTimeAhead later, at a snapshot
// that does not explain it, or at the end of the input is a loss. (Levels are often set back to an earlier
// size: with a wider choice of changes a loss would be explained away.)

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/venue/polymarket/book_hash.h"
#include "core/base/time.h"
#include "core/market/price_grid.h"
#include "core/market/venue.h"

namespace arbees::polymarket {

enum class TokenState : std::uint8_t {
  NoSnapshot,  // changes are refused
  Live,        // every change is applied and checked
  Faulted,     // reported; changes are applied for display, nothing is claimed
  Discarded,   // the tick changed: changes are dropped until a snapshot comes
};

// One change as it was applied.
struct RecentChange {
  SummaryLevel before;
  SummaryLevel after;
  Sha1Digest hash{};
  Timestamp at = kNoTime;
  std::array<char, 20> timestamp{};
  std::uint8_t timestamp_length = 0;
  BookSide side = BookSide::Bid;
  bool is_waiting = false;  // its hash is unexplained

  [[nodiscard]] std::string_view timestamp_view() const noexcept { return {timestamp.data(), timestamp_length}; }
};

struct TokenBook {
  // How far around a change its hash may have been taken. A complete recording of 10,368 changes, sorted by
  // time, needed 3 behind and 6 ahead for all but a few.
  static constexpr std::size_t kChangesBehind = 3;
  static constexpr std::size_t kChangesAhead = 6;
  static constexpr Duration kTimeBehind = std::chrono::milliseconds(25);
  static constexpr Duration kTimeAhead = std::chrono::milliseconds(2);
  // Without a usable hash: consecutive changes whose best prices may disagree with ours.
  static constexpr int kDisagreementLimit = 2;

  InstrumentId id;
  SummaryFields fields;
  std::string other_last_trade_price;  // the one before the last change of it
  SummaryLevels levels;
  std::vector<RecentChange> recent;  // oldest first
  PriceGrid grid;
  Timestamp snapshot_at = kNoTime;
  Timestamp changed_at = kNoTime;
  std::size_t last_entry = 0;  // of the frame being decoded
  int disagreement_run = 0;
  TokenState state = TokenState::NoSnapshot;
  bool is_named = false;
  bool is_hashable = false;  // the snapshot's own hash came out
};

// Explains hashes of recent changes by the order in which changes were taken.
class ChangeExplainer {
 public:
  // Takes the change just applied. Returns false if a change of the token is now a loss.
  [[nodiscard]] bool add(TokenBook& token, const RecentChange& change, BookHasher& hasher);
  // Whether every waiting change is explained by this later state of the book (a snapshot's levels).
  [[nodiscard]] bool is_explained_by(const TokenBook& token, const SummaryLevels& later, BookHasher& hasher);
  // Whether any change waits for an explanation.
  [[nodiscard]] static bool is_waiting(const TokenBook& token) noexcept;

 private:
  [[nodiscard]] bool explain(const TokenBook& token, std::size_t waiting, BookHasher& hasher);

  SummaryLevels base_;     // before the oldest change considered
  SummaryLevels scratch_;  // with a choice of changes
};

}  // namespace arbees::polymarket
