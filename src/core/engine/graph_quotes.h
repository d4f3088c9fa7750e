#pragma once
// What a payoff graph takes from an order book: the best levels of an outcome, in prices of that outcome.

#include "core/arbitrage/payoff_graph.h"
#include "core/market/order_book.h"
#include "core/risk/risk_gate.h"

namespace arbees {

inline constexpr std::size_t kGraphLevels = 5;
using GraphQuotes = BoundedVector<QuoteLevel, kGraphLevels>;

// What buying an outcome takes from: Yes from the asks, No from the bids.
[[nodiscard]] inline const LevelLadder& ladder_of(const OrderBook& book, Outcome outcome) noexcept {
  return outcome == Outcome::Yes ? book.asks() : book.bids();
}

[[nodiscard]] inline Price price_of(Outcome outcome, Price yes_price) noexcept {
  return outcome == Outcome::Yes ? yes_price : complement(yes_price);
}

// What an outcome could be sold for: nothing is bid, nothing; the book is not believed, a dollar (it stays untouched).
[[nodiscard]] inline Price bid_for(const OrderBook& book, Outcome outcome) noexcept {
  if (book.status() != BookStatus::Proven) return kPriceOne;
  if (outcome == Outcome::Yes) return book.has_bid() ? book.best_bid() : kPriceZero;
  return book.has_ask() ? complement(book.best_ask()) : kPriceZero;
}

// The best levels, their quantities cut to a share.
[[nodiscard]] inline GraphQuotes quotes_of(const OrderBook& book, Outcome outcome, std::int64_t millionths) noexcept {
  GraphQuotes quotes;
  const auto take = [&](Price yes_price, Quantity displayed) noexcept {
    Quantity quantity = displayed;
    if (millionths != Share::kWhole) {
      const auto scaled = static_cast<Int128>(displayed.units()) * millionths / Share::kWhole;
      quantity = Quantity::from_units(static_cast<std::int64_t>(scaled));
    }
    quotes.push_back(QuoteLevel{price_of(outcome, yes_price), quantity});
    return !quotes.full();
  };
  if (outcome == Outcome::Yes) {
    book.asks().walk_up(take);
  } else {
    book.bids().walk_down(take);
  }
  return quotes;
}

}  // namespace arbees
