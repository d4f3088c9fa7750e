#pragma once
// The venue's hash of an order book, recomputed: the only gap detector of the market channel.
//
// The hash is the SHA-1 of the compact JSON summary of the book with `hash` empty, keys in the order
// market, asset_id, timestamp, hash, bids, asks, min_order_size, tick_size, neg_risk, last_trade_price
// and, for v2 markets, version (docs/venues/polymarket.md). Levels keep the decimal strings of the
// server. What frames lack is assumed only if a snapshot's own hash comes out with it.
// Invariants: bids ascend, asks descend (the order of the wire: the best is last); prices are unique.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/polymarket/sha1.h"
#include "core/market/order_book.h"

namespace arbees::polymarket {

// One level as the summary prints it: {"price":"0.86","size":"362.17"}.
struct SummaryLevel {
  Price price;
  std::array<char, 71> text;
  std::uint8_t length = 0;  // 0: there is no such level

  [[nodiscard]] std::string_view view() const noexcept { return {text.data(), length}; }
};

// The levels of one book in the server's own words.
class SummaryLevels {
 public:
  void clear() noexcept;
  // Sets a level, or removes it if `is_removed`. False if the texts are longer than any real ones;
  // the level is then left out.
  bool set(BookSide side, Price price, std::string_view price_text, std::string_view size_text, bool is_removed);

  // The level at this price; its length is 0 if there is none.
  [[nodiscard]] SummaryLevel at(BookSide side, Price price) const noexcept;
  // Puts back what at() gave.
  void restore(BookSide side, const SummaryLevel& level);

  // 0 and 1 stand for an empty side, as in the venue's best_bid and best_ask.
  [[nodiscard]] Price best_bid() const noexcept { return bids_.empty() ? kPriceZero : bids_.back().price; }
  [[nodiscard]] Price best_ask() const noexcept { return asks_.empty() ? kPriceOne : asks_.back().price; }
  [[nodiscard]] const std::vector<SummaryLevel>& bids() const noexcept { return bids_; }
  [[nodiscard]] const std::vector<SummaryLevel>& asks() const noexcept { return asks_; }

 private:
  std::vector<SummaryLevel> bids_;
  std::vector<SummaryLevel> asks_;
};

// Everything of the summary but the levels, the timestamp and the hash.
struct SummaryFields {
  std::string market;
  std::string asset_id;
  std::string min_order_size = "5";
  std::string tick_size;
  std::string last_trade_price;  // market-wide, three decimals, "" before the first trade
  std::string version;           // "" for v1 markets: the key is absent
  bool neg_risk = false;
  bool has_last_trade_price = true;  // old books lack the key
};

// Recomputes hashes; keeps the text buffer between calls, so that nothing is allocated once it has grown.
class BookHasher {
 public:
  // Whether the hash comes out, as the fields stand or with another last_trade_price, which is then kept:
  // the venue uses it before it announces the trade.
  bool verify(SummaryFields& fields, const SummaryLevels& levels, std::string_view timestamp, const Sha1Digest& hash);
  // Whether the hash comes out with exactly these fields or with this other last_trade_price.
  [[nodiscard]] bool matches(const SummaryFields& fields, const SummaryLevels& levels, std::string_view timestamp,
                             const Sha1Digest& hash, std::string_view other_last_trade_price);
  // The same as verify() for a snapshot whose frame lacks the tick (if `tick_is_known` is false) or neg_risk.
  bool find_fields(SummaryFields& fields, const SummaryLevels& levels, std::string_view timestamp,
                   const Sha1Digest& hash, bool tick_is_known);

 private:
  void write_summary(const SummaryFields& fields, const SummaryLevels& levels, std::string_view timestamp);

  std::string text_;
};

}  // namespace arbees::polymarket
