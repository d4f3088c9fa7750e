#pragma once
// The books as the CLOB shows them: two tokens of one engine book, in the venue's words, with the venue's hash.
//
// A mirror of the world's books, kept only for markets that somebody asked for. An order to buy Yes at p is shown
// in No's book as a sale at 1 − p. Bids ascend, asks descend: the best level is the last. The hash is the SHA-1 of
// the summary with an empty hash (docs/venues/polymarket.md).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "adapters/venue/polymarket/book_hash.h"
#include "core/base/time.h"
#include "sim/world.h"

namespace arbees::sim {

// Unix milliseconds as the venue writes them.
[[nodiscard]] std::string unix_ms_text(Timestamp time);
// "0.130"; empty before the first trade. Market-wide, in Yes's frame.
[[nodiscard]] std::string last_trade_text(const Market& market);
[[nodiscard]] std::string tick_text(const Market& market);
[[nodiscard]] std::size_t index_of(Outcome outcome) noexcept;  // of a market's token
[[nodiscard]] const std::string& token_of(const Market& market, Outcome outcome) noexcept;
[[nodiscard]] const std::string& outcome_name(const Market& market, Outcome outcome) noexcept;

// A level's change as one token shows it.
struct ShownChange {
  BookSide side = BookSide::Bid;
  std::string price;
  std::string size;
};

class ClobBooks {
 public:
  explicit ClobBooks(const World& world) noexcept : world_(world) {}

  // Whether this market's books are kept.
  [[nodiscard]] bool has(const Market& market) const noexcept { return books_.contains(market.id); }
  // Anew from the world's levels; from then on kept.
  void reset(const Market& market, Timestamp stated_at);
  // Nothing unless kept.
  void apply(const Market& market, const BookChange& change, Timestamp stated_at);

  [[nodiscard]] static ShownChange shown(const BookChange& change, Outcome outcome);

  // The following keep the market's books if they were not kept yet.
  [[nodiscard]] const polymarket::SummaryLevels& levels(const Market& market, Outcome outcome);
  [[nodiscard]] std::string hash(const Market& market, Outcome outcome);
  // GET /book: the summary itself.
  [[nodiscard]] std::string summary(const Market& market, Outcome outcome);
  // The `book` event of the market channel.
  [[nodiscard]] std::string event(const Market& market, Outcome outcome);
  // "0" and "1" stand for an empty side.
  [[nodiscard]] std::string best_bid(const Market& market, Outcome outcome);
  [[nodiscard]] std::string best_ask(const Market& market, Outcome outcome);

 private:
  struct Book {
    std::array<polymarket::SummaryLevels, 2> tokens;
    std::string timestamp;
  };
  Book& book_of(const Market& market);
  // The summary around `hash`.
  [[nodiscard]] std::string write_summary(const Market& market, Outcome outcome, std::string_view hash);

  const World& world_;
  std::unordered_map<MarketId, Book> books_;
};

}  // namespace arbees::sim
