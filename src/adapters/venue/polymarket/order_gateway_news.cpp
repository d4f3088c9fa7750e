// What the CLOB tells about our orders, trades and balances: by stream, by lookup, and as a whole.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/venue/polymarket/order_gateway.h"
#include "adapters/venue/polymarket/uint256.h"
#include "core/market/fees.h"

namespace arbees::polymarket {
namespace {

constexpr Duration kFollowPause = std::chrono::seconds(2);
// A trade is final within seconds; what is older than this without an end is asked for.
constexpr Duration kFollowAfter = std::chrono::seconds(4);
// Each look goes on where the one before has ended. The venue takes 50 updates in ten seconds.
constexpr std::size_t kMostRefreshed = 20;
// How far back trades are looked at when the whole account is read.
constexpr Duration kAccountDays = std::chrono::hours(24 * 7);
// Clocks differ, and times of trades are whole seconds.
constexpr std::int64_t kSlackSeconds = 10;
constexpr std::int64_t kMicrosPerQuantityUnit = 10'000;

std::int64_t unix_seconds(Timestamp time) { return unix_ns(time) / 1'000'000'000; }

bool is_immediate(const OrderRequest& order) noexcept { return order.time_in_force != TimeInForce::PostOnly; }

FillFinality finality_of(TradeStatus status) noexcept {
  switch (status) {
    case TradeStatus::Mined: return FillFinality::Mined;
    case TradeStatus::Confirmed: return FillFinality::Confirmed;
    case TradeStatus::Failed: return FillFinality::Failed;
    default: return FillFinality::Matched;
  }
}

bool is_final(TradeStatus status) noexcept { return status == TradeStatus::Confirmed || status == TradeStatus::Failed; }

}  // namespace

struct PolymarketOrderGateway::AccountRead {
  AccountState state;
  std::set<std::string> tokens;
  std::set<std::string> settled;
  std::size_t missing = 0;  // answers about tokens
  bool has_failed = false;
  std::function<void(AccountAnswer)> done;

  void fail(std::string_view what, const net::HttpAnswer& answer) {
    if (std::exchange(has_failed, true)) return;
    done(failure(fmt::format("polymarket: {}: {}", what, trouble_text(answer))));
  }
};

void PolymarketOrderGateway::look_up(TrackedOrder& order) {
  order.is_asked = true;
  if (order.end) return fetch_trades(order.order().id, {});
  rest_.read("/data/order/" + order.venue_id,
             [this, id = order.order().id](const net::HttpAnswer& answer) { on_looked_up(id, answer); });
}

void PolymarketOrderGateway::on_looked_up(OrderId id, const net::HttpAnswer& answer) {
  TrackedOrder* const order = tracker_.find(id);
  const Timestamp now = net::IoLoop::now();
  if (order == nullptr) return;
  ClobOrderNews news;
  if (answer && answer->status == 200 && read_order_document(answer->body, news)) {
    apply(news, now);
    if (!order->is_closed && order->filled < order->stated_filled) return fetch_trades(id, {});
  } else if (answer && answer->status == 404) {
    (void)tracker_.miss(*order, options_.missing_grace, now);
  } else {
    health_.last_trouble = "lookup: " + trouble_text(answer);
  }
  tracker_.asked(*order, now);
}

void PolymarketOrderGateway::apply(const ClobOrderNews& news, Timestamp now) {
  TrackedOrder* const order = tracker_.find_key(news.id);
  if (order == nullptr) return;
  const RejectReason quiet = is_immediate(order->order()) ? RejectReason::NoLiquidity : RejectReason::None;
  const bool is_whole = news.size_matched >= news.original_size && news.original_size.is_positive();
  // The venue's own immediate types never rest: matched is all there will be.
  const bool is_over = is_whole || order_type_name(order->order()) != "GTC";
  if (news.is_cancellation) {
    return tracker_.end(*order, {OrderState::Canceled, quiet}, news.size_matched, now);
  }
  switch (news.status) {
    case ClobStatus::Live:
      tracker_.rest(*order, news.size_matched, now);
      if (order->wants_cancel && !order->is_closed) send_cancel(*order);
      return;
    case ClobStatus::Matched:
      if (!is_over) return tracker_.count_filled(*order, news.size_matched, now);
      return tracker_.end(*order, {OrderState::Canceled, quiet}, news.size_matched, now);
    case ClobStatus::Canceled: return tracker_.end(*order, {OrderState::Canceled, quiet}, news.size_matched, now);
    case ClobStatus::MarketResolved:
      return tracker_.end(*order, {OrderState::Canceled, RejectReason::MarketClosed}, news.size_matched, now);
    case ClobStatus::Invalid:
      return tracker_.end(*order, {OrderState::Rejected, RejectReason::VenueError}, news.size_matched, now);
    case ClobStatus::Delayed:
    case ClobStatus::Unknown: return tracker_.count_filled(*order, news.size_matched, now);
  }
}

void PolymarketOrderGateway::apply(const ClobTradeNews& news, Timestamp now) {
  bool is_ours = false;
  for (const ClobTradePart& part : news.parts) {
    TrackedOrder* const order = tracker_.find_key(part.order_id);
    if (order == nullptr) continue;
    is_ours = true;
    const TokenFacts& facts = facts_of(order->symbol);
    const Role role = part.is_taker ? Role::Taker : Role::Maker;
    const auto charge = facts.has_fees ? fee(facts.fees, role, part.price, part.quantity) : std::nullopt;
    if (!charge) {
      fetch_fees(order->symbol, news.market);
      tracker_.count_filled(*order, order->filled + part.quantity, now);
      continue;
    }
    tracker_.fill(*order, {news.id, part.price, part.quantity, *charge, part.is_taker, news.at}, now);
    tracker_.settle(*order, news.id, finality_of(news.status), now);
  }
  if (!is_ours) return;
  if (is_final(news.status)) {
    unsettled_.erase(news.id);
  } else {
    unsettled_.emplace(news.id, now);
  }
}

void PolymarketOrderGateway::fetch_fees(const std::string& token, const std::string& market) {
  if (market.empty() || !asked_fees_.insert(token).second) return;
  rest_.read("/clob-markets/" + market, [this, token](const net::HttpAnswer& answer) {
    asked_fees_.erase(token);
    const auto fees = answer && answer->status == 200 ? read_market_fees(answer->body) : std::nullopt;
    if (!fees) {
      health_.last_trouble = "fees: " + trouble_text(answer);
      return;
    }
    facts_of(token).fees = *fees;
    facts_of(token).has_fees = true;
    tracker_.ask_all(net::IoLoop::now());
  });
}

// Trades of the order's token since it was sent; id 0: all trades since the oldest that is not final.
void PolymarketOrderGateway::fetch_trades(OrderId id, const std::string& cursor) {
  const TrackedOrder* const order = tracker_.find(id);
  Timestamp since = net::IoLoop::now();
  for (const auto& [trade, at] : unsettled_) since = std::min(since, at);
  if (order != nullptr) since = order->sent.submitted_at;
  std::string path = fmt::format("/data/trades?after={}", unix_seconds(since) - kSlackSeconds);
  if (order != nullptr) path += "&asset_id=" + order->symbol;
  if (!cursor.empty()) path += "&next_cursor=" + cursor;
  rest_.read(path, [this, id](const net::HttpAnswer& answer) {
    const Timestamp now = net::IoLoop::now();
    NewsPage page;
    const bool is_read = answer && answer->status == 200 && read_trades_page(answer->body, page);
    if (!is_read) health_.last_trouble = "trades: " + trouble_text(answer);
    for (auto trade = page.news.trades.rbegin(); trade != page.news.trades.rend(); ++trade) apply(*trade, now);
    if (is_read && !page.next_cursor.empty()) return fetch_trades(id, page.next_cursor);
    if (TrackedOrder* const asked = tracker_.find(id)) tracker_.asked(*asked, now);
  });
}

void PolymarketOrderGateway::follow_trades(Timestamp now) {
  if (unsettled_.empty() || now < follow_at_) return;
  const bool is_late = std::any_of(unsettled_.begin(), unsettled_.end(),
                                   [&](const auto& trade) { return now - trade.second > kFollowAfter; });
  follow_at_ = now + kFollowPause;
  if (is_late) fetch_trades(OrderId{}, {});
}

void PolymarketOrderGateway::read_account(const AccountQuery& query, std::function<void(AccountAnswer)> done) {
  auto read = std::make_shared<AccountRead>();
  read->tokens.insert(query.held.begin(), query.held.end());
  read->tokens.insert(query.unpaid.begin(), query.unpaid.end());
  read->settled = query.settled;
  read->done = std::move(done);
  if (query.unpaid.empty()) return read_cash_step(read);
  // What was redeemed changes on chain, where the CLOB does not see it by itself. An update that fails changes nothing.
  const std::size_t count = std::min(query.unpaid.size(), kMostRefreshed);
  read->state.looks = (query.unpaid.size() + kMostRefreshed - 1) / kMostRefreshed;
  read->missing = count + 1;
  const auto updated = [this, read](const net::HttpAnswer&) {
    if (--read->missing == 0) read_cash_step(read);
  };
  rest_.read(balance_path("/balance-allowance/update", {}), updated);
  const std::set<std::string> unpaid(query.unpaid.begin(), query.unpaid.end());
  auto next = unpaid.upper_bound(last_refreshed_);
  for (std::size_t i = 0; i < count; ++i, ++next) {
    if (next == unpaid.end()) next = unpaid.begin();
    last_refreshed_ = *next;
    rest_.read(balance_path("/balance-allowance/update", *next), updated);
  }
}

// Of a token; of the cash, if it is empty.
std::string PolymarketOrderGateway::balance_path(std::string_view route, const std::string& token) const {
  const int kind = static_cast<int>(account_.kind);
  if (token.empty()) return fmt::format("{}?asset_type=COLLATERAL&signature_type={}", route, kind);
  const auto id = parse_uint256(token);
  const char* const type = id && is_position_id(*id) ? "CONDITIONAL-V2" : "CONDITIONAL";
  return fmt::format("{}?asset_type={}&token_id={}&signature_type={}", route, type, token, kind);
}

void PolymarketOrderGateway::read_cash_step(const std::shared_ptr<AccountRead>& read) {
  rest_.read(balance_path("/balance-allowance", {}), [this, read](const net::HttpAnswer& answer) {
    const auto cash = answer && answer->status == 200 ? read_balance(answer->body) : std::nullopt;
    if (!cash) return read->fail("balance", answer);
    read->state.cash = Money::from_units(*cash);
    read_trades_step(read, {});
  });
}

// The CLOB lists no positions: every token that we have traded of late, or hold by our books, is asked for.
void PolymarketOrderGateway::read_trades_step(const std::shared_ptr<AccountRead>& read, const std::string& cursor) {
  std::string path = fmt::format("/data/trades?after={}", unix_seconds(net::IoLoop::now() - kAccountDays));
  if (!cursor.empty()) path += "&next_cursor=" + cursor;
  rest_.read(path, [this, read](const net::HttpAnswer& answer) {
    NewsPage page;
    if (!answer || answer->status != 200 || !read_trades_page(answer->body, page)) return read->fail("trades", answer);
    for (const ClobTradeNews& trade : page.news.trades) {
      for (const ClobTradePart& part : trade.parts) {
        if (part.owner != credentials_.key) continue;
        if (!read->settled.contains(part.asset_id)) read->tokens.insert(part.asset_id);
        read->state.fills.push_back({part.order_id, trade.id, part.asset_id, part.quantity, finality_of(trade.status)});
      }
    }
    if (!page.next_cursor.empty()) return read_trades_step(read, page.next_cursor);
    read_tokens_step(read);
  });
}

void PolymarketOrderGateway::read_tokens_step(const std::shared_ptr<AccountRead>& read) {
  read->missing = read->tokens.size();
  if (read->missing == 0) return read_orders_step(read, {});
  for (const std::string& token : read->tokens) {
    rest_.read(balance_path("/balance-allowance", token), [this, read, token](const net::HttpAnswer& answer) {
      const auto held = answer && answer->status == 200 ? read_balance(answer->body) : std::nullopt;
      if (!held) return read->fail("position", answer);
      const Quantity quantity = Quantity::from_units(*held / kMicrosPerQuantityUnit);
      if (quantity.is_positive()) read->state.positions.push_back({token, Outcome::Yes, quantity});
      if (--read->missing == 0 && !read->has_failed) read_orders_step(read, {});
    });
  }
}

void PolymarketOrderGateway::read_orders_step(const std::shared_ptr<AccountRead>& read, const std::string& cursor) {
  std::string path = "/data/orders";
  if (!cursor.empty()) path += "?next_cursor=" + cursor;
  rest_.read(path, [this, read](const net::HttpAnswer& answer) {
    NewsPage page;
    if (!answer || answer->status != 200 || !read_orders_page(answer->body, page)) return read->fail("orders", answer);
    for (const ClobOrderNews& order : page.news.orders) {
      read->state.open_orders.push_back({order.id, {}, order.asset_id, order.original_size - order.size_matched});
    }
    if (!page.next_cursor.empty()) return read_orders_step(read, page.next_cursor);
    read->done(std::move(read->state));
  });
}

// The token names its market, the market its winner.
void PolymarketOrderGateway::read_payouts(const std::vector<std::string>& symbols,
                                          std::function<void(PayoutAnswer)> done) {
  struct Read {
    std::map<std::string, Price> payouts;
    std::size_t missing = 0;
    std::string wrong;
    std::function<void(PayoutAnswer)> done;

    void finish_one() {
      if (--missing != 0) return;
      if (!wrong.empty()) return done(failure(wrong));
      done(std::move(payouts));
    }
  };
  auto read = std::make_shared<Read>();
  read->missing = symbols.size();
  read->done = std::move(done);
  if (symbols.empty()) return read->done(read->payouts);
  for (const std::string& token : symbols) {
    rest_.read("/markets-by-token/" + token, [this, read, token](const net::HttpAnswer& answer) {
      const std::string condition = answer && answer->status == 200 ? read_condition_id(answer->body) : std::string();
      if (answer && answer->status == 404) return read->finish_one();  // no market of this venue
      if (condition.empty()) {
        read->wrong = "polymarket: market of a token: " + trouble_text(answer);
        return read->finish_one();
      }
      rest_.read("/markets/" + condition, [read, token](const net::HttpAnswer& market) {
        const bool is_read = market && market->status == 200;
        if (!is_read) read->wrong = "polymarket: market: " + trouble_text(market);
        const auto payout = is_read ? read_payout(market->body, token) : std::nullopt;
        if (payout) read->payouts[token] = *payout;
        read->finish_one();
      });
    });
  }
}

}  // namespace arbees::polymarket
