#pragma once
// How Kalshi writes values: fixed-point strings, RFC 3339 times, the two vocabularies of direction.

#include <string>
#include <string_view>

#include "core/base/time.h"
#include "core/market/order_book.h"
#include "core/market/values.h"
#include "sim/servers.h"

namespace arbees::sim {

// What every part of the server needs of its surroundings.
struct KalshiShared {
  ServerContext context;

  // The venue's present: the clock, or the world's time where a test runs it ahead of the clock.
  [[nodiscard]] Timestamp now() const noexcept;
  // An instant as the venue states it, its clock's error included.
  [[nodiscard]] Timestamp stated(Timestamp time) const noexcept;
  [[nodiscard]] std::int64_t stated_ms(Timestamp time) const noexcept;
  [[nodiscard]] std::string stated_text(Timestamp time) const;
  // The UUID that belongs to a market.
  [[nodiscard]] std::string market_uuid(MarketId market) const;
};

[[nodiscard]] constexpr std::int64_t unix_seconds(Timestamp time) noexcept { return unix_ns(time) / 1'000'000'000; }
[[nodiscard]] constexpr std::int64_t unix_milliseconds(Timestamp time) noexcept { return unix_ns(time) / 1'000'000; }

// RFC 3339 in UTC; the fraction only as long as needed, at most microseconds.
[[nodiscard]] std::string kalshi_time(Timestamp time);
// Balances: four decimals, rounded down.
[[nodiscard]] std::string kalshi_balance(Money money);
// Whole cents, rounded down.
[[nodiscard]] std::int64_t kalshi_cents(Money money) noexcept;

[[nodiscard]] constexpr std::string_view book_side_name(BookSide side) noexcept {
  return side == BookSide::Bid ? "bid" : "ask";
}
// bid ≡ yes, ask ≡ no.
[[nodiscard]] constexpr std::string_view outcome_side_name(BookSide side) noexcept {
  return side == BookSide::Bid ? "yes" : "no";
}
// The old vocabulary, of orders in the book of Yes: a bid buys, an ask sells.
[[nodiscard]] constexpr std::string_view action_name(BookSide side) noexcept {
  return side == BookSide::Bid ? "buy" : "sell";
}

}  // namespace arbees::sim
