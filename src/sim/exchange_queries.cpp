// What an exchange tells its user about orders, fills, positions and money.

#include <algorithm>

#include "sim/exchange.h"

namespace arbees::sim {

const Order* Exchange::find_order(std::string_view public_id) const {
  const auto it = by_public_id_.find(std::string(public_id));
  return it == by_public_id_.end() ? nullptr : &orders_[it->second].order;
}

const Order* Exchange::find_client_order(std::string_view client_id) const {
  const auto it = by_client_id_.find(std::string(client_id));
  return it == by_client_id_.end() ? nullptr : &orders_[it->second].order;
}

std::vector<const Order*> Exchange::orders() const {
  std::vector<const Order*> out;
  out.reserve(orders_.size());
  for (const UserOrder& user_order : orders_) out.push_back(&user_order.order);
  return out;
}

std::vector<const Fill*> Exchange::fills() const {
  std::vector<const Fill*> out;
  out.reserve(fills_.size());
  for (const Fill& fill : fills_) out.push_back(&fill);
  return out;
}

std::vector<MarketTrade> Exchange::trades(MarketId market, std::size_t limit) const {
  if (market >= trades_.size()) return {};
  const std::deque<MarketTrade>& kept = trades_[market];
  const std::size_t count = std::min(limit, kept.size());
  return {kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(count)};
}

Position Exchange::position(MarketId market) const {
  const Holding& holding = accounts_.holding(0, market);
  Position position;
  position.market = market;
  position.yes = holding.yes;
  position.no = holding.no;
  position.cost = holding.yes_cost + holding.no_cost;
  position.fees = holding.fees;
  position.traded = holding.traded;
  position.realized_pnl = holding.realized_pnl;
  for (auto fill = fills_.rbegin(); fill != fills_.rend(); ++fill) {
    if (fill->market != market) continue;
    position.updated_at = fill->time;
    break;
  }
  return position;
}

std::vector<Position> Exchange::positions() const {
  std::vector<MarketId> markets;
  for (const Fill& fill : fills_) markets.push_back(fill.market);
  std::sort(markets.begin(), markets.end());
  markets.erase(std::unique(markets.begin(), markets.end()), markets.end());
  std::vector<Position> out;
  for (const MarketId market : markets) out.push_back(position(market));
  return out;
}

Money Exchange::position_value() const {
  Money sum;
  for (const Position& held : positions()) {
    const Market& market = listings_.market(held.market);
    if (market.has_result) {
      sum += market.payout * held.yes + complement(market.payout) * held.no;
      continue;
    }
    const MatchingBook& book = books_[held.market];
    sum += book.best(BookSide::Bid) * held.yes + complement(book.best(BookSide::Ask)) * held.no;
  }
  return sum;
}

Quantity Exchange::queue_ahead(std::string_view public_id) const {
  const Order* order = find_order(public_id);
  if (order == nullptr || order->status != OrderStatus::Resting) return {};
  return books_[order->market].ahead(order->number);
}

}  // namespace arbees::sim
