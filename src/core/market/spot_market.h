#pragma once
// The spot pairs of all venues: their books and the best prices that may be believed right now.
//
// The best prices of a pair are those of whatever spoke last, its proven book or a stated quote; a trade counts only
// while there is neither. A book that is faulted takes its prices with it. Memory is taken when a pair is named and
// while its book grows larger than it ever was; never otherwise.

#include <cstddef>
#include <span>
#include <vector>

#include "core/base/flat_table.h"
#include "core/market/event.h"
#include "core/market/spot_book.h"
#include "core/market/spot_pair.h"

namespace arbees {

// Where a pair's best prices come from.
enum class TopSource : std::uint8_t { None, Trade, Quote, Book };

struct SpotTop {
  SpotPrice bid;  // of a trade: its price, twice
  SpotPrice ask;
  Timestamp at = kNoTime;  // received
  TopSource source = TopSource::None;

  // Whether there is a price on both sides, and the bid is below the ask (or both are a trade's).
  [[nodiscard]] bool is_crossed() const noexcept { return source != TopSource::Trade && bid >= ask; }
};

struct SpotMarketPair {
  InstrumentId id;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  QuoteCurrency quote = QuoteCurrency::Other;
  bool is_tether_in_dollars = false;  // the leg that turns USDT prices into dollars
  SpotTop top;
  SpotBook book;
};

class SpotMarket {
 public:
  static constexpr std::size_t kMaxPairs = 512;

  SpotMarket();

  // The pair whose prices the event changed, or nothing. Pairs beyond the limit, and those in other currencies, are
  // not followed.
  const SpotMarketPair* apply(const Event& event) noexcept;

  [[nodiscard]] const SpotMarketPair* find(InstrumentId id) const noexcept;
  [[nodiscard]] std::span<const SpotMarketPair> pairs() const noexcept { return pairs_; }
  // Live until told otherwise: recordings have no feeds.
  [[nodiscard]] FeedState feed(Venue venue) const noexcept { return feeds_[static_cast<std::size_t>(venue)]; }

 private:
  [[nodiscard]] SpotMarketPair* known(InstrumentId id) noexcept;
  void on(const InstrumentNamed& named) noexcept;
  const SpotMarketPair* on(const SpotBookUpdate& update, Timestamp now) noexcept;
  const SpotMarketPair* on(const SpotQuote& quote, Timestamp now) noexcept;
  const SpotMarketPair* on(const SpotTrade& trade, Timestamp now) noexcept;
  const SpotMarketPair* on(const BookFaulted& faulted) noexcept;

  std::vector<SpotMarketPair> pairs_;  // reserved: references stay valid
  FlatTable<std::uint32_t> index_;
  std::array<FeedState, kVenueCount> feeds_;
};

}  // namespace arbees
