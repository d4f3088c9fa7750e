#pragma once
// The symbols of a stream: which shard carries each, which connection owns its book, and whether that is proven.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/growing_table.h"
#include "core/base/time.h"
#include "core/market/venue.h"

namespace arbees {

enum class BookProof : std::uint8_t {
  Waiting,  // subscribed, nothing known yet
  Proven,
  Faulted,  // was proven, or a change came without a snapshot
};

struct SubscribedSymbol {
  std::string symbol;
  InstrumentId id;
  std::size_t shard = 0;
  std::uint32_t owner = 0;  // connection whose events count; 0: nobody's yet
  BookProof proof = BookProof::Waiting;
  bool was_proven = false;        // ever
  int attempts = 0;               // to get a snapshot, since it was last proven for long
  Timestamp retry_at = kNoTime;   // when to ask for a snapshot again; kNoTime: not asked for yet
  Timestamp proven_at = kNoTime;  // of the present proof, or of the last one
  std::uint64_t last_trade = 0;   // told; two connections must not tell a trade twice
};

class FeedSymbols {
 public:
  explicit FeedSymbols(Venue venue) noexcept : venue_(venue) {}

  [[nodiscard]] SubscribedSymbol* find(InstrumentId id) noexcept { return id ? table_.find(id.value) : nullptr; }
  [[nodiscard]] SubscribedSymbol* find(std::string_view symbol) noexcept { return find(instrument_id(venue_, symbol)); }
  // The symbol must be new.
  SubscribedSymbol& add(std::string_view symbol, std::size_t shard);
  void remove(InstrumentId id) noexcept { table_.erase(id.value); }

  template <class Visit>
  void for_each(Visit&& visit) {
    table_.for_each([&visit](std::uint64_t, SubscribedSymbol& symbol) { visit(symbol); });
  }
  // Of one shard, by name, in order: what a new connection subscribes is the same each time.
  [[nodiscard]] std::vector<std::string> names(std::size_t shard);

  // Just subscribed: when to ask for a snapshot if none comes.
  static void expect_snapshot(SubscribedSymbol& symbol, Timestamp now) noexcept;
  // A fault: asked for again with the next tick, and without regard to attempts if it was proven for long.
  static void note_fault(SubscribedSymbol& symbol, Timestamp now) noexcept;
  // Asked for a snapshot: when to ask again if none comes.
  static void plan_retry(SubscribedSymbol& symbol, Timestamp now) noexcept;

 private:
  Venue venue_;
  GrowingTable<SubscribedSymbol> table_{256};
};

}  // namespace arbees
