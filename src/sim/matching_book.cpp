#include "sim/matching_book.h"

#include <algorithm>
#include <utility>

namespace arbees::sim {

void MatchingBook::note(BookSide side, Price price, std::int64_t delta, Quantity quantity) {
  if (delta != 0) changes_.push_back(LevelDelta{side, price, delta, quantity});
}

bool MatchingBook::match_level(const IncomingOrder& order, std::int64_t key, Level& level, MatchResult& result) {
  const BookSide side = other(order.side);
  const Price price = price_of(side, key);
  std::size_t done = 0;
  std::int64_t delta = 0;
  bool goes_on = true;
  while (done < level.queue.size() && result.remaining.is_positive()) {
    RestingOrder& maker = level.queue[done];
    if (maker.account == order.account && order.self_trade == SelfTrade::CancelTaker) {
      result.met_itself = true;
      goes_on = false;
      break;
    }
    const bool is_own = maker.account == order.account;
    const Quantity taken = is_own ? maker.quantity : std::min(maker.quantity, result.remaining);
    if (is_own) {
      result.canceled.push_back(maker);
    } else {
      result.matches.push_back(Match{maker.number, maker.account, price, taken, taken == maker.quantity});
      result.remaining -= taken;
    }
    delta -= taken.units();
    maker.quantity -= taken;
    if (!maker.quantity.is_zero()) break;
    places_.erase(maker.number);
    ++done;
  }
  level.queue.erase(level.queue.begin(), level.queue.begin() + static_cast<std::ptrdiff_t>(done));
  level.total += Quantity::from_units(delta);
  note(side, price, delta, level.total);
  return goes_on;
}

MatchResult MatchingBook::match(const IncomingOrder& order) {
  MatchResult result;
  result.remaining = order.quantity;
  Side& opposite = half(other(order.side));
  const std::int64_t limit = key_of(other(order.side), order.limit);
  while (result.remaining.is_positive() && !opposite.empty() && opposite.begin()->first <= limit) {
    const auto best = opposite.begin();
    const bool goes_on = match_level(order, best->first, best->second, result);
    if (best->second.queue.empty()) opposite.erase(best);
    if (!goes_on) break;
  }
  return result;
}

Quantity MatchingBook::fillable(const IncomingOrder& order) const noexcept {
  Quantity sum;
  const std::int64_t limit = key_of(other(order.side), order.limit);
  for (const auto& [key, level] : half(other(order.side))) {
    if (key > limit) break;
    for (const RestingOrder& maker : level.queue) {
      if (maker.account != order.account) {
        sum += maker.quantity;
      } else if (order.self_trade == SelfTrade::CancelTaker) {
        return std::min(sum, order.quantity);
      }
      if (sum >= order.quantity) return order.quantity;
    }
  }
  return sum;
}

void MatchingBook::rest(const IncomingOrder& order) {
  ARBEES_ASSERT(order.quantity.is_positive() && !crosses(order.side, order.limit));
  const std::int64_t key = key_of(order.side, order.limit);
  Level& level = half(order.side)[key];
  level.queue.push_back(RestingOrder{order.number, order.account, order.quantity});
  level.total += order.quantity;
  places_[order.number] = Place{order.side, key};
  note(order.side, order.limit, order.quantity.units(), level.total);
}

Quantity MatchingBook::remove(OrderNumber number) {
  const auto place = places_.find(number);
  if (place == places_.end()) return {};
  const auto [side, key] = place->second;
  places_.erase(place);
  Side& orders = half(side);
  const auto level = orders.find(key);
  std::vector<RestingOrder>& queue = level->second.queue;
  const auto it = std::find_if(queue.begin(), queue.end(), [&](const RestingOrder& o) { return o.number == number; });
  const Quantity taken = it->quantity;
  queue.erase(it);
  level->second.total -= taken;
  note(side, price_of(side, key), -taken.units(), level->second.total);
  if (queue.empty()) orders.erase(level);
  return taken;
}

bool MatchingBook::reduce(OrderNumber number, Quantity to) {
  const auto place = places_.find(number);
  if (place == places_.end() || !to.is_positive()) return false;
  const auto [side, key] = place->second;
  Level& level = half(side).find(key)->second;
  const auto it =
      std::find_if(level.queue.begin(), level.queue.end(), [&](const RestingOrder& o) { return o.number == number; });
  if (to >= it->quantity) return false;
  const Quantity taken = it->quantity - to;
  it->quantity = to;
  level.total -= taken;
  note(side, price_of(side, key), -taken.units(), level.total);
  return true;
}

void MatchingBook::clear() {
  for (const BookSide side : {BookSide::Bid, BookSide::Ask}) {
    for (const auto& [key, level] : half(side)) note(side, price_of(side, key), -level.total.units(), Quantity{});
    half(side).clear();
  }
  places_.clear();
}

Price MatchingBook::best(BookSide side) const noexcept {
  const Side& orders = half(side);
  if (orders.empty()) return side == BookSide::Ask ? kPriceOne : kPriceZero;
  return price_of(side, orders.begin()->first);
}

bool MatchingBook::crosses(BookSide side, Price limit) const noexcept {
  const Side& opposite = half(other(side));
  return !opposite.empty() && opposite.begin()->first <= key_of(other(side), limit);
}

Quantity MatchingBook::level(BookSide side, Price price) const noexcept {
  const auto it = half(side).find(key_of(side, price));
  return it == half(side).end() ? Quantity{} : it->second.total;
}

std::vector<BookLevel> MatchingBook::levels(BookSide side) const {
  std::vector<BookLevel> out;
  out.reserve(half(side).size());
  for (const auto& [key, level] : half(side)) out.push_back(BookLevel{price_of(side, key), level.total});
  return out;
}

Quantity MatchingBook::ahead(OrderNumber number) const noexcept {
  const auto place = places_.find(number);
  if (place == places_.end()) return {};
  Quantity sum;
  for (const RestingOrder& order : half(place->second.side).find(place->second.key)->second.queue) {
    if (order.number == number) break;
    sum += order.quantity;
  }
  return sum;
}

Quantity MatchingBook::remaining(OrderNumber number) const noexcept {
  const auto place = places_.find(number);
  if (place == places_.end()) return {};
  for (const RestingOrder& order : half(place->second.side).find(place->second.key)->second.queue) {
    if (order.number == number) return order.quantity;
  }
  return {};
}

std::vector<LevelDelta> MatchingBook::take_changes() { return std::exchange(changes_, {}); }

}  // namespace arbees::sim
