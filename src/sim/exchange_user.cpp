// The user's side of an exchange: what may be ordered, and what becomes of it.

#include <algorithm>
#include <utility>

#include "sim/exchange.h"
#include "sim/seeded_names.h"

namespace arbees::sim {
namespace {

constexpr std::uint64_t kOrderNames = 10;
constexpr Quantity kLargestOrder = Quantity::whole(1'000'000);
// Fees are rounded fill by fill; an order seldom meets more than a hundred resting ones.
constexpr Money kFeeRoundingRoom = Money::from_units(10'000);

bool is_immediate(Lifetime lifetime) noexcept {
  return lifetime == Lifetime::ImmediateOrCancel || lifetime == Lifetime::FillOrKill;
}

// Buying Yes and selling No are bids of the Yes frame.
BookSide book_side(Outcome outcome, Side side) noexcept {
  return (outcome == Outcome::Yes) == (side == Side::Buy) ? BookSide::Bid : BookSide::Ask;
}

Price yes_price(Outcome outcome, Price price) noexcept { return outcome == Outcome::Yes ? price : complement(price); }

IncomingOrder incoming(const NewOrder& request) noexcept {
  return IncomingOrder{0,
                       0,
                       book_side(request.outcome, request.side),
                       yes_price(request.outcome, request.price),
                       request.quantity,
                       request.self_trade};
}

// What one unit of an order may cost, and how many.
struct Cost {
  Price price;
  Quantity quantity;
};

// Cost of the dearest orders after `free` contracts close what is held.
Money dearest(std::vector<Cost>& costs, Quantity free) {
  std::sort(costs.begin(), costs.end(), [](const Cost& a, const Cost& b) { return a.price < b.price; });
  Money sum;
  for (const Cost& cost : costs) {
    const Quantity closes = std::min(free, cost.quantity);
    free -= closes;
    sum += cost.price * (cost.quantity - closes);
  }
  return sum;
}

}  // namespace

const char* refusal_name(Refusal refusal) noexcept {
  static constexpr const char* kNames[] = {"market not found",
                                           "market inactive",
                                           "exchange paused",
                                           "invalid price",
                                           "invalid size",
                                           "invalid expiration",
                                           "balance too low",
                                           "position too small",
                                           "post-only would cross",
                                           "fill-or-kill unfilled",
                                           "reduce-only needs an immediate order",
                                           "client id used before",
                                           "order exists",
                                           "order not found",
                                           "other order"};
  return kNames[static_cast<std::size_t>(refusal)];
}

Money Exchange::reserve(MarketId market, const NewOrder* extra, const Order* replaced) const {
  std::vector<Cost> yes;  // what may be paid for Yes and for No
  std::vector<Cost> no;
  Money bought;  // on a venue where nothing nets
  const auto add = [&](Outcome outcome, Side side, Price price, Quantity quantity) {
    if (venue_ != Venue::Kalshi) {
      if (side == Side::Buy) bought += price * quantity;
      return;
    }
    const Price in_yes = yes_price(outcome, price);
    if (book_side(outcome, side) == BookSide::Bid) {
      yes.push_back(Cost{in_yes, quantity});
    } else {
      no.push_back(Cost{complement(in_yes), quantity});
    }
  };
  for (const auto& [number, index] : resting_) {
    const Order& order = orders_[index].order;
    if (order.market == market && &order != replaced) add(order.outcome, order.side, order.price, order.remaining);
  }
  if (extra != nullptr && !extra->reduce_only) add(extra->outcome, extra->side, extra->price, extra->quantity);
  const Holding& holding = accounts_.holding(0, market);
  return bought + dearest(yes, holding.no) + dearest(no, holding.yes);
}

Money Exchange::available() const {
  Money left = cash();
  std::vector<MarketId> markets;
  for (const auto& [number, index] : resting_) markets.push_back(orders_[index].order.market);
  std::sort(markets.begin(), markets.end());
  markets.erase(std::unique(markets.begin(), markets.end()), markets.end());
  for (const MarketId market : markets) left -= reserve(market, nullptr, nullptr);
  return left;
}

Money Exchange::highest_fee(const NewOrder& request) const {
  const IncomingOrder order = incoming(request);
  const MatchingBook& book = books_[request.market];
  if (!book.crosses(order.side, order.limit)) return {};
  const Price best = book.best(order.side == BookSide::Bid ? BookSide::Ask : BookSide::Bid);
  const Price low = std::min(best, order.limit);
  const Price high = std::max(best, order.limit);
  const Price dearest_price = std::clamp(Price::from_units(5000), low, high);
  const auto charge = fee(listings_.market(request.market).fees, Role::Taker, dearest_price, request.quantity);
  return charge.value_or(Money{}) + kFeeRoundingRoom;
}

bool Exchange::can_pay(const NewOrder& request, const Order* replaced) const {
  const Money elsewhere = cash() - available() - reserve(request.market, nullptr, nullptr);
  const Money needed = reserve(request.market, &request, replaced) + highest_fee(request);
  return cash() - elsewhere >= needed;
}

bool Exchange::has_tokens(const NewOrder& request, const Order* replaced) const {
  if (venue_ == Venue::Kalshi || request.side == Side::Buy) return true;
  Quantity wanted = request.quantity;
  for (const auto& [number, index] : resting_) {
    const Order& order = orders_[index].order;
    if (&order == replaced || order.market != request.market) continue;
    if (order.side == Side::Sell && order.outcome == request.outcome) wanted += order.remaining;
  }
  return wanted <= accounts_.holding(0, request.market).of(request.outcome);
}

std::optional<Refusal> Exchange::check(const NewOrder& request, Timestamp now) const {
  if (request.market >= listings_.market_count()) return Refusal::MarketNotFound;
  const Market& market = listings_.market(request.market);
  if (market.venue != venue_) return Refusal::MarketNotFound;
  if (is_paused_) return Refusal::ExchangePaused;
  if (!market.is_active() || now >= market.closes_at) return Refusal::MarketInactive;
  if (!is_contract_price(request.price)) return Refusal::InvalidPrice;
  if (!market.grid.contains(yes_price(request.outcome, request.price))) return Refusal::InvalidPrice;
  if (!request.quantity.is_positive() || request.quantity < market.minimum_order) return Refusal::InvalidSize;
  if (request.quantity > kLargestOrder) return Refusal::InvalidSize;
  if (is_immediate(request.lifetime) && request.expires_at != kNoTime) return Refusal::InvalidExpiration;
  if (request.lifetime == Lifetime::GoodTillDate && request.expires_at <= now) return Refusal::InvalidExpiration;
  if (request.reduce_only && !is_immediate(request.lifetime)) return Refusal::ReduceOnlyNotImmediate;
  if (!has_tokens(request, nullptr)) return Refusal::InsufficientPosition;
  if (!can_pay(request, nullptr)) return Refusal::InsufficientBalance;
  const IncomingOrder order = incoming(request);
  const MatchingBook& book = books_[request.market];
  if (request.post_only && book.crosses(order.side, order.limit)) return Refusal::PostOnlyCross;
  if (request.lifetime == Lifetime::FillOrKill && book.fillable(order) < request.quantity) {
    return Refusal::FillOrKillUnfilled;
  }
  return std::nullopt;
}

Exchange::UserOrder& Exchange::create(const NewOrder& request, Timestamp now) {
  UserOrder& user_order = orders_.emplace_back();
  Order& order = user_order.order;
  order.number = next_order_++;
  order.client_id = request.client_id;
  order.public_id = request.public_id;
  if (order.public_id.empty()) {
    order.public_id = seeded_uuid(seed_, kOrderNames + static_cast<std::uint64_t>(venue_) * 100, order.number);
  }
  order.venue = venue_;
  order.market = request.market;
  order.outcome = request.outcome;
  order.side = request.side;
  order.price = request.price;
  order.book_side = book_side(request.outcome, request.side);
  order.yes_price = yes_price(request.outcome, request.price);
  order.initial = order.remaining = request.quantity;
  order.lifetime = request.lifetime;
  order.self_trade = request.self_trade;
  order.post_only = request.post_only;
  order.reduce_only = request.reduce_only;
  order.created_at = order.updated_at = now;
  order.expires_at = request.expires_at;
  by_public_id_[order.public_id] = orders_.size() - 1;
  by_number_[order.number] = orders_.size() - 1;
  if (!order.client_id.empty()) by_client_id_[order.client_id] = orders_.size() - 1;
  return user_order;
}

PlacedOrder Exchange::execute(UserOrder& user_order, Quantity quantity, Timestamp now) {
  Order& order = user_order.order;
  PlacedOrder placed;
  IncomingOrder taker{order.number, 0, order.book_side, order.yes_price, quantity, order.self_trade};
  MatchingBook& book = books_[order.market];
  user_order.fills = &placed.fills;
  const MatchResult result = book.match(taker);
  take_in(order.market, taker, result, now);
  user_order.fills = nullptr;
  if (order.remaining.is_zero()) {
    order.status = OrderStatus::Executed;
    listeners_.tell([&](WorldListener& listener) { listener.on_order(order); });
  } else if (result.met_itself) {
    end(order, OrderStatus::Canceled, CancelReason::SelfTrade, now);
  } else if (order.reduce_only && result.remaining.is_zero()) {
    end(order, OrderStatus::Canceled, CancelReason::ReduceOnly, now);
  } else if (is_immediate(order.lifetime)) {
    end(order, OrderStatus::Canceled, CancelReason::ImmediateOrCancel, now);
  } else {
    taker.quantity = order.remaining;
    book.rest(taker);
    resting_[order.number] = by_number_[order.number];
    listeners_.tell([&](WorldListener& listener) {
      listener.on_order(order);
      listener.on_balance(venue_);
    });
  }
  tell_book(order.market, now, true);
  placed.order = order;
  return placed;
}

Result<PlacedOrder, Refusal> Exchange::place(const NewOrder& request, Timestamp now) {
  if (!request.client_id.empty() &&
      (by_client_id_.contains(request.client_id) || spent_client_ids_.contains(request.client_id))) {
    return failure(Refusal::DuplicateClientId);
  }
  if (!request.public_id.empty() && by_public_id_.contains(request.public_id)) {
    return failure(Refusal::DuplicateOrder);
  }
  if (const auto refusal = check(request, now)) {
    if (*refusal == Refusal::FillOrKillUnfilled && !request.client_id.empty()) {
      spent_client_ids_.insert(request.client_id);
    }
    return failure(*refusal);
  }
  UserOrder& user_order = create(request, now);
  Quantity quantity = request.quantity;
  if (request.reduce_only) {
    const bool is_bid = user_order.order.book_side == BookSide::Bid;
    const Holding& holding = accounts_.holding(0, request.market);
    quantity = std::min(quantity, is_bid ? holding.no : holding.yes);
  }
  return execute(user_order, quantity, now);
}

void Exchange::end(Order& order, OrderStatus status, CancelReason reason, Timestamp now) {
  order.status = status;
  order.reason = reason;
  order.remaining = Quantity{};
  order.updated_at = now;
  resting_.erase(order.number);
  listeners_.tell([&](WorldListener& listener) {
    listener.on_order(order);
    listener.on_balance(venue_);
  });
}

Quantity Exchange::take_out(Order& order, CancelReason reason, OrderStatus status, Timestamp now) {
  const Quantity taken = books_[order.market].remove(order.number);
  end(order, status, reason, now);
  return taken;
}

Exchange::UserOrder* Exchange::find(std::string_view public_id) {
  const auto it = by_public_id_.find(std::string(public_id));
  return it == by_public_id_.end() ? nullptr : &orders_[it->second];
}

Result<Quantity, Refusal> Exchange::cancel(std::string_view public_id, Timestamp now) {
  UserOrder* user_order = find(public_id);
  if (user_order == nullptr || user_order->order.status != OrderStatus::Resting) return failure(Refusal::NotFound);
  Order& order = user_order->order;
  if (!listings_.market(order.market).is_active()) return failure(Refusal::MarketInactive);
  const Quantity taken = take_out(order, CancelReason::ByUser, OrderStatus::Canceled, now);
  tell_book(order.market, now, true);
  return taken;
}

Result<Order, Refusal> Exchange::decrease(std::string_view public_id, Quantity to, Timestamp now) {
  UserOrder* user_order = find(public_id);
  if (user_order == nullptr || user_order->order.status != OrderStatus::Resting) return failure(Refusal::NotFound);
  Order& order = user_order->order;
  if (to.is_negative() || to > order.remaining) return failure(Refusal::InvalidSize);
  if (to.is_zero()) {
    static_cast<void>(cancel(public_id, now));
    return order;
  }
  books_[order.market].reduce(order.number, to);
  order.remaining = to;
  order.updated_at = now;
  listeners_.tell([&](WorldListener& listener) {
    listener.on_order(order);
    listener.on_balance(venue_);
  });
  tell_book(order.market, now, true);
  return order;
}

Result<PlacedOrder, Refusal> Exchange::amend(std::string_view public_id, const Amendment& amendment, Timestamp now) {
  UserOrder* user_order = find(public_id);
  if (user_order == nullptr || user_order->order.status != OrderStatus::Resting) return failure(Refusal::NotFound);
  Order& order = user_order->order;
  const Market& market = listings_.market(order.market);
  if (is_paused_) return failure(Refusal::ExchangePaused);
  if (!market.is_active()) return failure(Refusal::MarketInactive);
  const Price in_yes = yes_price(order.outcome, amendment.price);
  if (!is_contract_price(amendment.price) || !market.grid.contains(in_yes)) return failure(Refusal::InvalidPrice);
  const Quantity remaining = amendment.quantity - order.filled;
  if (!remaining.is_positive() || amendment.quantity > kLargestOrder) return failure(Refusal::InvalidSize);
  NewOrder wanted;
  wanted.market = order.market;
  wanted.outcome = order.outcome;
  wanted.side = order.side;
  wanted.price = amendment.price;
  wanted.quantity = remaining;
  if (!has_tokens(wanted, &order)) return failure(Refusal::InsufficientPosition);
  if (!can_pay(wanted, &order)) return failure(Refusal::InsufficientBalance);
  if (order.post_only && books_[order.market].crosses(order.book_side, in_yes)) {
    return failure(Refusal::PostOnlyCross);
  }
  if (amendment.changes_expiry) order.expires_at = amendment.expires_at;
  if (!amendment.new_client_id.empty()) {
    order.client_id = amendment.new_client_id;
    by_client_id_[order.client_id] = by_number_[order.number];
  }
  order.initial = amendment.quantity;
  order.updated_at = now;
  if (amendment.price == order.price && remaining <= order.remaining) {
    books_[order.market].reduce(order.number, remaining);
    order.remaining = remaining;
    listeners_.tell([&](WorldListener& listener) { listener.on_order(order); });
    tell_book(order.market, now, true);
    return PlacedOrder{order, {}};
  }
  books_[order.market].remove(order.number);
  resting_.erase(order.number);
  order.price = amendment.price;
  order.yes_price = in_yes;
  order.remaining = remaining;
  return execute(*user_order, remaining, now);
}

std::vector<Order> Exchange::cancel_all(std::optional<MarketId> market, Timestamp now) {
  std::vector<Order> canceled;
  for (auto it = resting_.begin(); it != resting_.end();) {
    Order& order = orders_[(it++)->second].order;
    if ((market && order.market != *market) || !listings_.market(order.market).is_active()) continue;
    static_cast<void>(take_out(order, CancelReason::ByUser, OrderStatus::Canceled, now));
    canceled.push_back(order);
    tell_book(order.market, now, true);
  }
  return canceled;
}

bool Exchange::revert_fill(std::uint64_t fill_number) {
  if (fill_number == 0 || fill_number > fills_.size()) return false;
  Fill& fill = fills_[fill_number - 1];
  if (fill.is_reverted || listings_.market(fill.market).phase == ContractPhase::Settled) return false;
  const Execution execution{fill.outcome, fill.side, fill.price, fill.quantity, fill.fee};
  if (!accounts_.revert(0, fill.market, execution)) return false;
  // The other side gets back what it gave.
  const Side action = fill.book_side == BookSide::Bid ? Side::Buy : Side::Sell;
  accounts_.apply(static_cast<AccountId>(Trader::Maker), fill.market,
                  Execution{Outcome::Yes, action, fill.yes_price, fill.quantity, Money{}});
  fill.is_reverted = true;
  listeners_.tell([&](WorldListener& listener) { listener.on_balance(venue_); });
  return true;
}

}  // namespace arbees::sim
