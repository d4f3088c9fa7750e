#pragma once
// The matching engine of one market: price-time priority over orders of accounts, in the Yes frame.
//
// A bid at p buys Yes (or sells No at 1 − p). Invariants: every resting order has a positive quantity; bids lie below
// asks between calls; at one price the older order trades first; a change of price or a larger size loses its place,
// a smaller size keeps it. The book knows no money: whoever calls it has checked that both sides can pay.

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "core/market/order_book.h"
#include "core/market/values.h"
#include "sim/market.h"

namespace arbees::sim {

using OrderNumber = std::uint64_t;
using AccountId = std::uint32_t;

// A level after one change; `delta` in units of Quantity.
struct LevelDelta {
  BookSide side = BookSide::Bid;
  Price price;
  std::int64_t delta = 0;
  Quantity quantity;
};

struct RestingOrder {
  OrderNumber number = 0;
  AccountId account = 0;
  Quantity quantity;
};

struct IncomingOrder {
  OrderNumber number = 0;
  AccountId account = 0;
  BookSide side = BookSide::Bid;
  Price limit;
  Quantity quantity;
  SelfTrade self_trade = SelfTrade::CancelMaker;
};

struct Match {
  OrderNumber maker = 0;
  AccountId maker_account = 0;
  Price price;
  Quantity quantity;
  bool maker_is_done = false;
};

struct MatchResult {
  std::vector<Match> matches;
  std::vector<RestingOrder> canceled;  // own resting orders that self-trade prevention took out
  Quantity remaining;
  bool met_itself = false;  // the incoming order was stopped by an own resting one
};

class MatchingBook {
 public:
  // Trades against the other side up to the limit. The rest is not put into the book.
  [[nodiscard]] MatchResult match(const IncomingOrder& order);
  // What match() would trade at most `quantity` of, own orders not counted; FOK is decided by this.
  [[nodiscard]] Quantity fillable(const IncomingOrder& order) const noexcept;
  // Joins the queue at its price; must not cross.
  void rest(const IncomingOrder& order);
  // What was taken out; zero if there is no such order.
  Quantity remove(OrderNumber number);
  // Keeps the place in the queue; false if there is no such order or it is not larger.
  bool reduce(OrderNumber number, Quantity to);
  void clear();

  // 0 and 1: nothing there.
  [[nodiscard]] Price best(BookSide side) const noexcept;
  [[nodiscard]] bool crosses(BookSide side, Price limit) const noexcept;
  [[nodiscard]] Quantity level(BookSide side, Price price) const noexcept;
  // Best first.
  [[nodiscard]] std::vector<BookLevel> levels(BookSide side) const;
  [[nodiscard]] Quantity ahead(OrderNumber number) const noexcept;
  [[nodiscard]] Quantity remaining(OrderNumber number) const noexcept;

  // Changes since the last call, in order.
  [[nodiscard]] std::vector<LevelDelta> take_changes();

 private:
  struct Level {
    std::vector<RestingOrder> queue;  // oldest first
    Quantity total;
  };
  // Keyed so that the best level comes first: asks by price, bids by minus price.
  using Side = std::map<std::int64_t, Level>;
  struct Place {
    BookSide side = BookSide::Bid;
    std::int64_t key = 0;
  };

  [[nodiscard]] static std::int64_t key_of(BookSide side, Price price) noexcept {
    return side == BookSide::Ask ? price.units() : -price.units();
  }
  [[nodiscard]] static Price price_of(BookSide side, std::int64_t key) noexcept {
    return Price::from_units(side == BookSide::Ask ? key : -key);
  }
  [[nodiscard]] static BookSide other(BookSide side) noexcept {
    return side == BookSide::Ask ? BookSide::Bid : BookSide::Ask;
  }
  [[nodiscard]] Side& half(BookSide side) noexcept { return side == BookSide::Ask ? asks_ : bids_; }
  [[nodiscard]] const Side& half(BookSide side) const noexcept { return side == BookSide::Ask ? asks_ : bids_; }
  void note(BookSide side, Price price, std::int64_t delta, Quantity quantity);
  // Trades within one level; false when the incoming order is to stop.
  bool match_level(const IncomingOrder& order, std::int64_t key, Level& level, MatchResult& result);

  Side bids_;
  Side asks_;
  std::unordered_map<OrderNumber, Place> places_;
  std::vector<LevelDelta> changes_;
};

}  // namespace arbees::sim
