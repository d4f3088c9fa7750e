#include "sim/exchange.h"

#include <algorithm>
#include <utility>

#include "sim/seeded_names.h"

namespace arbees::sim {
namespace {

constexpr std::size_t kTradesKept = 500;
constexpr Money kTraderCash = Money::whole(1'000'000'000);

AccountId account_of(Trader trader) noexcept { return static_cast<AccountId>(trader); }

std::vector<Money> opening(Money user_cash) {
  std::vector<Money> cash(kTraderCount, kTraderCash);
  cash[0] = user_cash;
  return cash;
}

BookSide opposite(BookSide side) noexcept { return side == BookSide::Bid ? BookSide::Ask : BookSide::Bid; }

// Spaces of seeded names.
constexpr std::uint64_t kTradeNames = 11;
constexpr std::uint64_t kMakerHashes = 12;

}  // namespace

Exchange::Exchange(Venue venue, std::uint64_t seed, Money opening_cash, Listings& listings, Listeners& listeners)
    : venue_(venue),
      seed_(seed),
      listings_(listings),
      listeners_(listeners),
      accounts_(opening(opening_cash), venue == Venue::Kalshi) {}

void Exchange::open_book(MarketId market) {
  if (market >= books_.size()) {
    books_.resize(market + 1);
    trades_.resize(market + 1);
  }
}

void Exchange::tell_book(MarketId market, Timestamp now, bool by_user) {
  const Market& terms = listings_.market(market);
  for (const LevelDelta& delta : books_[market].take_changes()) {
    const BookChange change{delta.side, delta.price, delta.delta, delta.quantity, now, by_user};
    listeners_.tell([&](WorldListener& listener) { listener.on_book_change(terms, change); });
  }
}

void Exchange::close_book(MarketId market, Timestamp now) {
  for (auto it = resting_.begin(); it != resting_.end();) {
    UserOrder& user_order = orders_[(it++)->second];
    if (user_order.order.market == market) {
      static_cast<void>(take_out(user_order.order, CancelReason::MarketClosed, OrderStatus::Canceled, now));
    }
  }
  books_[market].clear();
  tell_book(market, now, false);
}

void Exchange::settle(MarketId market, Timestamp now) {
  Market& terms = listings_.market(market);
  const Holding held = accounts_.holding(0, market);
  accounts_.settle(market, terms.payout);
  terms.open_interest = Quantity{};
  if (venue_ == Venue::Kalshi) paid(market, held, now);
}

bool Exchange::has_winnings(MarketId market) const noexcept { return accounts_.redeemable(0, market).is_positive(); }

void Exchange::redeem(MarketId market, Timestamp now) { paid(market, accounts_.redeem(0, market), now); }

void Exchange::paid(MarketId market, const Holding& held, Timestamp now) {
  if (held.yes.is_zero() && held.no.is_zero()) return;
  const Market& terms = listings_.market(market);
  Settlement settlement;
  settlement.market = market;
  settlement.yes = held.yes;
  settlement.no = held.no;
  settlement.yes_cost = held.yes_cost;
  settlement.no_cost = held.no_cost;
  settlement.fees = held.fees;
  settlement.payout = terms.payout * held.yes + complement(terms.payout) * held.no;
  settlement.time = now;
  settlements_.push_back(settlement);
  listeners_.tell([&](WorldListener& listener) { listener.on_balance(venue_); });
}

void Exchange::expire_orders(Timestamp now) {
  for (auto it = resting_.begin(); it != resting_.end();) {
    Order& order = orders_[(it++)->second].order;
    if (order.expires_at == kNoTime || order.expires_at > now) continue;
    static_cast<void>(take_out(order, CancelReason::Expiry, OrderStatus::Expired, now));
    tell_book(order.market, now, true);
  }
}

void Exchange::cancel_off_grid(MarketId market, Timestamp now) {
  const Market& terms = listings_.market(market);
  for (auto it = resting_.begin(); it != resting_.end();) {
    Order& order = orders_[(it++)->second].order;
    if (order.market != market || terms.grid.contains(order.yes_price)) continue;
    static_cast<void>(take_out(order, CancelReason::OffGrid, OrderStatus::Canceled, now));
  }
  tell_book(market, now, true);
}

// ---- the simulated traders ----

OrderNumber Exchange::rest(Trader trader, MarketId market, BookSide side, BookLevel order, Timestamp now) {
  IncomingOrder incoming{next_order_++, account_of(trader), side, order.price, order.quantity, SelfTrade::CancelMaker};
  const MatchResult result = books_[market].match(incoming);
  take_in(market, incoming, result, now);
  incoming.quantity = result.remaining;
  if (result.remaining.is_positive()) books_[market].rest(incoming);
  tell_book(market, now, false);
  return result.remaining.is_positive() ? incoming.number : 0;
}

Quantity Exchange::take(Trader trader, MarketId market, BookSide side, BookLevel order, Timestamp now) {
  const IncomingOrder incoming{next_order_++, account_of(trader), side,
                               order.price,   order.quantity,     SelfTrade::CancelTaker};
  const MatchResult result = books_[market].match(incoming);
  take_in(market, incoming, result, now);
  tell_book(market, now, false);
  return order.quantity - result.remaining;
}

void Exchange::withdraw(MarketId market, OrderNumber number, Timestamp now) {
  books_[market].remove(number);
  tell_book(market, now, false);
}

// ---- trades ----

void Exchange::take_in(MarketId market, const IncomingOrder& order, const MatchResult& result, Timestamp now) {
  for (const Match& match : result.matches) trade(listings_.market(market), order, match, now);
  for (const RestingOrder& own : result.canceled) {
    if (own.account == 0) end(by_number(own.number).order, OrderStatus::Canceled, CancelReason::SelfTrade, now);
  }
}

void Exchange::trade(Market& market, const IncomingOrder& taker, const Match& match, Timestamp now) {
  MarketTrade report;
  report.trade_id = seeded_uuid(seed_, kTradeNames + static_cast<std::uint64_t>(venue_) * 100, next_trade_++);
  report.price = match.price;
  report.quantity = match.quantity;
  report.taker_side = taker.side;
  report.taker_action = taker.side == BookSide::Bid ? Side::Buy : Side::Sell;
  report.time = now;
  if (taker.account == 0) {
    UserOrder& order = by_number(taker.number);
    report.taker_outcome = order.order.outcome;
    report.taker_action = order.order.side;
    user_fill(order, market, report, match.maker);
  } else {
    trader_fill(taker.account, market, report, taker.side, Role::Taker);
  }
  if (match.maker_account == 0) {
    user_fill(by_number(match.maker), market, report, match.maker);
  } else {
    trader_fill(match.maker_account, market, report, opposite(taker.side), Role::Maker);
  }
  market.last_price = match.price;
  market.volume += match.quantity;
  market.open_interest = accounts_.open_interest(market.id);
  std::deque<MarketTrade>& kept = trades_[market.id];
  kept.push_front(report);
  if (kept.size() > kTradesKept) kept.pop_back();
  listeners_.tell([&](WorldListener& listener) { listener.on_trade(market, report); });
}

void Exchange::trader_fill(AccountId account, const Market& market, const MarketTrade& report, BookSide side,
                           Role role) {
  const Money charge = fee(market.fees, role, report.price, report.quantity).value_or(Money{});
  const Side action = side == BookSide::Bid ? Side::Buy : Side::Sell;
  accounts_.apply(account, market.id, Execution{Outcome::Yes, action, report.price, report.quantity, charge});
}

void Exchange::user_fill(UserOrder& user_order, const Market& market, const MarketTrade& report, OrderNumber maker) {
  Order& order = user_order.order;
  const bool is_taker = maker != order.number;
  const Role role = is_taker ? Role::Taker : Role::Maker;
  const Price price = order.outcome == Outcome::Yes ? report.price : complement(report.price);
  Money charge = fee(market.fees, role, report.price, report.quantity).value_or(Money{});
  const Money amount = price * report.quantity;
  if (venue_ == Venue::Kalshi) {
    const Money revenue = order.side == Side::Buy ? -amount : amount;
    charge = user_order.rounding.add_fill(revenue, charge).net_fee;
  }
  accounts_.apply(0, market.id, Execution{order.outcome, order.side, price, report.quantity, charge});

  Fill fill;
  fill.number = fills_.size() + 1;
  fill.trade_id = report.trade_id;
  fill.order = order.number;
  fill.order_public_id = order.public_id;
  fill.client_id = order.client_id;
  fill.venue = venue_;
  fill.market = market.id;
  fill.outcome = order.outcome;
  fill.side = order.side;
  fill.price = price;
  fill.book_side = order.book_side;
  fill.yes_price = report.price;
  fill.quantity = report.quantity;
  fill.fee = charge;
  fill.is_taker = is_taker;
  fill.time = report.time;
  const Holding& holding = accounts_.holding(0, market.id);
  fill.position_after = holding.yes.units() - holding.no.units();
  fill.maker_order_id = is_taker ? seeded_hex(seed_, kMakerHashes, maker, 32) : order.public_id;
  fill.maker_outcome = order.outcome;
  fill.maker_side = is_taker ? (order.side == Side::Buy ? Side::Sell : Side::Buy) : order.side;
  fills_.push_back(fill);
  if (user_order.fills != nullptr) user_order.fills->push_back(fill);

  order.filled += report.quantity;
  order.remaining -= report.quantity;
  order.updated_at = report.time;
  (is_taker ? order.taker_cost : order.maker_cost) += amount;
  (is_taker ? order.taker_fees : order.maker_fees) += charge;
  if (!is_taker && order.remaining.is_zero()) {
    order.status = OrderStatus::Executed;
    resting_.erase(order.number);
  }
  listeners_.tell([&](WorldListener& listener) {
    listener.on_fill(fill);
    if (!is_taker) listener.on_order(order);
    listener.on_balance(venue_);
  });
}

}  // namespace arbees::sim
