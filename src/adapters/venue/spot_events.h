#pragma once
// How decoders of spot venues tell what they read: which pairs there are, and the records that a book, a
// quote and a trade of a pair become.
//
// Every pair is named (InstrumentNamed) before anything else is told of it. Events are written in place: one
// has the size of the largest body, and copying that costs.

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>

#include "adapters/venue/frame.h"
#include "adapters/venue/symbol.h"
#include "core/base/flat_table.h"

namespace arbees {

// One level of one side as it now is.
struct SpotChange {
  SpotPrice price;
  SpotQuantity quantity;  // 0: gone
  BookSide side = BookSide::Bid;
};

struct SpotPair {
  InstrumentId id;
  std::string symbol;
  Asset asset = Asset::Unknown;
  bool is_named = false;
};

// The coin of a pair written in one word ("BTCUSD", "btcusdt"), whatever its case. Unknown for other coins, and
// where the price is in anything but the dollar or a dollar token.
[[nodiscard]] Asset joined_pair_asset(std::string_view symbol) noexcept;

// A count or an id of the venue: digits only.
[[nodiscard]] bool read_count(std::string_view text, std::uint64_t& count) noexcept;

class SpotEventWriter {
 public:
  explicit SpotEventWriter(Venue venue) noexcept : venue_(venue) {}

  // A frame begins: what is told from now on was received then and goes there.
  void begin(Timestamp received_at, DecodedFrame& out) noexcept;
  // What the venue says when it happened.
  void set_exchange_at(Timestamp at) noexcept { exchange_at_ = at; }
  [[nodiscard]] Timestamp exchange_at() const noexcept { return exchange_at_; }
  [[nodiscard]] Venue venue() const noexcept { return venue_; }

  void tell_book(SpotPair& pair, std::span<const SpotChange> levels);
  void tell_changes(SpotPair& pair, std::span<const SpotChange> changes);
  void tell_fault(SpotPair& pair, BookFault fault);
  // Pair, venue and asset are filled in.
  void tell_quote(SpotPair& pair, SpotQuote quote);
  void tell_trade(SpotPair& pair, SpotTrade trade);

  void report(AnomalyKind kind, std::string_view symbol, std::string_view detail);
  // Understood, and nothing to tell.
  void note_control() noexcept { out_->is_control = true; }

 private:
  template <class Body>
  void emit(const Body& body) {
    Event& event = out_->events.emplace_back();
    event.received_at = received_at_;
    event.exchange_at = exchange_at_;
    event.body.template emplace<Body>(body);
  }
  void name(SpotPair& pair);
  void tell_levels(const SpotPair& pair, std::span<const SpotChange> levels, std::uint8_t flags);

  Venue venue_;
  DecodedFrame* out_ = nullptr;
  Timestamp received_at_ = kNoTime;
  Timestamp exchange_at_ = kNoTime;
};

// The pairs a decoder knows; `Pair` is a SpotPair with what its protocol needs. Pointers stay valid.
template <class Pair>
class SpotPairs {
 public:
  SpotPairs(Venue venue, std::size_t limit) : venue_(venue), by_id_(limit) {}

  [[nodiscard]] Pair* find(std::string_view symbol) noexcept {
    if (!is_symbol(symbol)) return nullptr;
    Pair** found = by_id_.find(instrument_id(venue_, symbol).value);
    return found == nullptr ? nullptr : *found;
  }
  // nullptr if the text is no symbol or there are too many pairs.
  [[nodiscard]] Pair* find_or_add(std::string_view symbol) {
    if (!is_symbol(symbol)) return nullptr;
    const InstrumentId id = instrument_id(venue_, symbol);
    Pair** slot = by_id_.insert(id.value);
    if (slot == nullptr) return nullptr;
    if (*slot != nullptr) return *slot;
    *slot = &pairs_.emplace_back();
    (*slot)->id = id;
    (*slot)->symbol = symbol;
    (*slot)->asset = joined_pair_asset(symbol);
    return *slot;
  }
  [[nodiscard]] std::deque<Pair>& all() noexcept { return pairs_; }

 private:
  Venue venue_;
  FlatTable<Pair*> by_id_;
  std::deque<Pair> pairs_;
};

}  // namespace arbees
