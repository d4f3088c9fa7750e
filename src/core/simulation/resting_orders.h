#pragma once
// Our orders in the books of the simulated venue, each with the queue before it.
//
// An order joins its level's end. What trades at its price serves the queue first; what leaves the level
// otherwise was before us as long as the level shows less than the queue. A trade through its price, or a
// quote that crosses it, reaches it whatever the queue. Never optimistic: orders of ours share what comes, the
// oldest first, and a level that we alone make is served like any other.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/market/event.h"
#include "core/market/order.h"

namespace arbees {

struct RestingOrder {
  OrderRequest order;
  Price yes_price;
  BookSide side = BookSide::Bid;  // of the book that it lies in
  Quantity ahead;
  Quantity filled;

  [[nodiscard]] Quantity left() const noexcept { return order.quantity - filled; }
};

class RestingOrders {
 public:
  explicit RestingOrders(std::size_t capacity) { orders_.reserve(capacity); }

  void add(const RestingOrder& order) { orders_.push_back(order); }
  [[nodiscard]] RestingOrder* find(OrderId id) noexcept;
  void remove(OrderId id) noexcept;
  [[nodiscard]] bool empty() const noexcept { return orders_.empty(); }

  // Calls fill(order, quantity) for each that the trade or the changed level reaches; `displayed` is what the level
  // shows now. Orders that are full afterwards must be removed by remove_full().
  template <class Fill>
  void on_trade(const ContractTrade& trade, Fill&& fill) {
    const BookSide hit = trade.taker_side == BookSide::Bid ? BookSide::Ask : BookSide::Bid;
    Quantity left = trade.quantity;
    for (RestingOrder& resting : orders_) {
      if (resting.order.instrument != trade.id || resting.side != hit) continue;
      Quantity reached;
      if (is_through(resting, trade.price)) {
        reached = left;
      } else if (trade.price == resting.yes_price) {
        reached = left - resting.ahead;
        resting.ahead = std::max(Quantity{}, resting.ahead - left);
      }
      left -= filled_by(fill, resting, reached);
    }
  }
  template <class Fill>
  void on_level(const BookUpdate& update, Quantity displayed, Fill&& fill) {
    Quantity left = displayed;
    for (RestingOrder& resting : orders_) {
      if (resting.order.instrument != update.id || update.action == BookAction::Clear) continue;
      if (update.side == resting.side) {
        if (update.price == resting.yes_price) resting.ahead = std::min(resting.ahead, displayed);
      } else if (update.price == resting.yes_price || is_through(resting, update.price)) {
        left -= filled_by(fill, resting, left);
      }
    }
  }
  void remove_full() noexcept {
    std::erase_if(orders_, [](const RestingOrder& resting) { return !resting.left().is_positive(); });
  }
  template <class Visit>
  void remove_all_of(InstrumentId instrument, Visit&& visit) {
    std::erase_if(orders_, [&](const RestingOrder& resting) {
      if (resting.order.instrument != instrument) return false;
      visit(resting);
      return true;
    });
  }

 private:
  // What one of ours gets is not there for the next one.
  template <class Fill>
  [[nodiscard]] static Quantity filled_by(Fill& fill, RestingOrder& resting, Quantity reached) {
    const Quantity before = resting.filled;
    if (reached.is_positive()) fill(resting, std::min(reached, resting.left()));
    return resting.filled - before;
  }
  // Beyond the order's price, seen from who takes.
  [[nodiscard]] static bool is_through(const RestingOrder& resting, Price price) noexcept {
    return resting.side == BookSide::Bid ? price < resting.yes_price : price > resting.yes_price;
  }

  std::vector<RestingOrder> orders_;
};

}  // namespace arbees
