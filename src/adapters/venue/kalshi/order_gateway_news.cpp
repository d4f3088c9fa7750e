// What Kalshi tells about our orders and our account: the private stream, lookups, and the whole account.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/venue/kalshi/order_gateway.h"

namespace arbees::kalshi {
namespace {

constexpr std::string_view kOrders = "/portfolio/orders";

// Why an order ended that was not filled whole.
RejectReason end_reason(const OrderRequest& order, std::string_view last_update_reason) noexcept {
  if (last_update_reason == "PostOnlyCrossCancel") return RejectReason::WouldCross;
  if (last_update_reason == "SelfTradeCancel") return RejectReason::SelfTrade;
  if (last_update_reason == "CloseCancel" || last_update_reason == "HaltCancel") return RejectReason::MarketClosed;
  return order.time_in_force == TimeInForce::PostOnly ? RejectReason::None : RejectReason::NoLiquidity;
}

}  // namespace

struct KalshiOrderGateway::AccountRead {
  AccountState state;
  std::function<void(AccountAnswer)> done;

  void fail(std::string_view what, const net::HttpAnswer& answer) const {
    done(failure(fmt::format("kalshi: {}: {}", what, trouble_text(answer))));
  }
};

Result<FeedDial, std::string> KalshiOrderGateway::dial_user_stream(Timestamp now) {
  FeedDial to{options_.websocket, signed_headers(credentials_, options_.websocket.target, now)};
  if (to.headers.empty()) return failure(std::string("kalshi: the request could not be signed"));
  return to;
}

void KalshiOrderGateway::on_user_stream_open(Timestamp now) {
  commands_ = Commands();
  decoder_.reset();
  stream_.send(commands_.subscribe_all("fill"));
  stream_.send(commands_.subscribe_all("user_orders"));
  if (options_.group.contracts > 0) stream_.send(commands_.subscribe_all("order_group_updates"));
  group_.on_stream_open();
  tracker_.ask_all(now);
}

void KalshiOrderGateway::on_user_frame(std::string_view frame, Timestamp received_at) {
  decoded_.clear();
  decoder_.decode(frame, received_at, decoded_);
  for (const Anomaly& anomaly : decoded_.anomalies) health_.last_trouble = "stream: " + anomaly.detail;
  if (!decoded_.is_control || !replies_.read(frame, reply_) || reply_.kind != Reply::Kind::Error) return;
  health_.last_trouble = fmt::format("stream: error {}: {}", reply_.code, reply_.message.substr(0, 100));
  stream_.reconnect();
}

void KalshiOrderGateway::on_user_stream_lost(const std::string& reason, Timestamp) {
  health_.last_trouble = "stream: " + reason;
}

void KalshiOrderGateway::on_fill(const Fill& fill, Timestamp received_at) {
  TrackedOrder* order = tracker_.find_key(fill.client_order_id);
  if (order == nullptr) order = tracker_.find_venue_id(fill.order_id);
  if (order == nullptr) return;  // somebody else's, or of a time before this process
  tracker_.set_venue_id(*order, fill.order_id);
  if (!fill.has_fee) {
    tracker_.count_filled(*order, order->filled + fill.count, received_at);
    return;
  }
  const Price price = flip_if_no(order->order().outcome, fill.yes_price);
  tracker_.fill(*order, {fill.trade_id, price, fill.count, fill.fee, fill.is_taker, fill.at}, received_at);
}

void KalshiOrderGateway::on_user_order(const UserOrder& told, Timestamp received_at) {
  TrackedOrder* const order = tracker_.find_key(told.client_order_id);
  if (order == nullptr) return;
  tracker_.set_venue_id(*order, told.order_id);
  switch (told.status) {
    case UserOrderStatus::Resting:
      tracker_.rest(*order, told.fill_count, received_at);
      if (order->wants_cancel && !order->is_closed) send_cancel(*order);
      return;
    case UserOrderStatus::Canceled:
    case UserOrderStatus::Executed:
      return tracker_.end(*order, {OrderState::Canceled, end_reason(order->order(), told.last_update_reason)},
                          told.fill_count, received_at);
    case UserOrderStatus::Unknown: order->look_at = received_at; return;
  }
}

void KalshiOrderGateway::look_up(TrackedOrder& order) {
  order.is_asked = true;
  // The end is known and fills are not: only they are asked for.
  if (order.end && !order.venue_id.empty()) return fetch_fills(order);
  const std::int64_t since = unix_ns(order.sent.submitted_at) / 1'000'000'000 - 120;
  const std::string path = order.venue_id.empty()
                               ? fmt::format("{}?ticker={}&min_ts={}&limit=1000", kOrders, order.symbol, since)
                               : fmt::format("{}/{}", kOrders, order.venue_id);
  rest_.read(path, [this, id = order.order().id](const net::HttpAnswer& answer) { on_looked_up(id, answer); });
}

void KalshiOrderGateway::on_looked_up(OrderId id, const net::HttpAnswer& answer) {
  TrackedOrder* const order = tracker_.find(id);
  const Timestamp now = net::IoLoop::now();
  if (order == nullptr) return;
  if (answer && answer->status == 200) {
    const auto one = read_order(answer->body);
    if (one) return apply(*order, *one, now);
    const auto page = read_orders(answer->body);
    if (page) {
      const auto mine = std::find_if(page->rows.begin(), page->rows.end(),
                                     [&](const RestOrder& row) { return row.client_order_id == order->key; });
      if (mine != page->rows.end()) return apply(*order, *mine, now);
      // A full page may hide it; a second look comes when its own messages are in.
      if (page->cursor.empty()) (void)tracker_.miss(*order, options_.missing_grace, now);
      return tracker_.asked(*order, now);
    }
  }
  if (answer && answer->status == 404) {
    (void)tracker_.miss(*order, options_.missing_grace, now);
  } else {
    health_.last_trouble = "lookup: " + trouble_text(answer);
  }
  tracker_.asked(*order, now);
}

void KalshiOrderGateway::apply(TrackedOrder& order, const RestOrder& told, Timestamp now) {
  tracker_.set_venue_id(order, told.order_id);
  if (told.status == UserOrderStatus::Resting) {
    tracker_.rest(order, told.fill_count, now);
    if (order.wants_cancel) send_cancel(order);
  } else {
    tracker_.end(order, {OrderState::Canceled, end_reason(order.order(), {})}, told.fill_count, now);
  }
  if (order.is_closed || order.filled >= order.stated_filled) return tracker_.asked(order, now);
  fetch_fills(order);
}

void KalshiOrderGateway::fetch_fills(TrackedOrder& order) {
  const std::string path = fmt::format("/portfolio/fills?order_id={}&limit=1000", order.venue_id);
  rest_.read(path, [this, id = order.order().id](const net::HttpAnswer& answer) { on_fills(id, answer); });
}

void KalshiOrderGateway::on_fills(OrderId id, const net::HttpAnswer& answer) {
  TrackedOrder* const order = tracker_.find(id);
  const Timestamp now = net::IoLoop::now();
  if (order == nullptr) return;
  const auto page = answer && answer->status == 200 ? read_fills(answer->body) : std::nullopt;
  if (!page) health_.last_trouble = "fills: " + trouble_text(answer);
  if (page) {
    // The newest come first; they are told in the order in which they happened.
    for (auto row = page->rows.rbegin(); row != page->rows.rend(); ++row) {
      if (row->order_id != order->venue_id) continue;
      const Price price = flip_if_no(order->order().outcome, row->yes_price);
      tracker_.fill(*order, {row->trade_id, price, row->count, row->fee, row->is_taker, row->at}, now);
    }
  }
  tracker_.asked(*order, now);
}

void KalshiOrderGateway::read_account(const AccountQuery&, std::function<void(AccountAnswer)> done) {
  auto read = std::make_shared<AccountRead>();
  read->done = std::move(done);
  read->state.cash_grain = Money::from_units(100);
  read_balance_step(read);
}

void KalshiOrderGateway::read_cash(std::function<void(CashAnswer)> done) {
  rest_.read("/portfolio/balance", [this, done = std::move(done)](const net::HttpAnswer& answer) {
    const auto cash = answer && answer->status == 200 ? read_balance(answer->body, options_.cash_shard) : std::nullopt;
    done(cash ? CashAnswer(*cash) : CashAnswer(failure("balance: " + trouble_text(answer))));
  });
}

void KalshiOrderGateway::read_balance_step(const std::shared_ptr<AccountRead>& read) {
  rest_.read("/portfolio/balance", [this, read](const net::HttpAnswer& answer) {
    const auto cash = answer && answer->status == 200 ? read_balance(answer->body, options_.cash_shard) : std::nullopt;
    if (!cash) return read->fail("balance", answer);
    read->state.cash = *cash;
    read_positions_step(read, {});
  });
}

void KalshiOrderGateway::read_positions_step(const std::shared_ptr<AccountRead>& read, const std::string& cursor) {
  std::string path = "/portfolio/positions?limit=1000&count_filter=position";
  if (!cursor.empty()) path += "&cursor=" + cursor;
  rest_.read(path, [this, read](const net::HttpAnswer& answer) {
    const auto page = answer && answer->status == 200 ? read_positions(answer->body) : std::nullopt;
    if (!page) return read->fail("positions", answer);
    for (const RestPosition& row : page->rows) {
      if (row.position == 0) continue;
      const Outcome outcome = row.position > 0 ? Outcome::Yes : Outcome::No;
      read->state.positions.push_back({row.ticker, outcome, Quantity::from_units(std::abs(row.position))});
    }
    if (page->cursor.empty()) return read_orders_step(read, {});
    read_positions_step(read, page->cursor);
  });
}

void KalshiOrderGateway::read_orders_step(const std::shared_ptr<AccountRead>& read, const std::string& cursor) {
  std::string path = fmt::format("{}?status=resting&limit=1000", kOrders);
  if (!cursor.empty()) path += "&cursor=" + cursor;
  rest_.read(path, [this, read](const net::HttpAnswer& answer) {
    const auto page = answer && answer->status == 200 ? read_orders(answer->body) : std::nullopt;
    if (!page) return read->fail("open orders", answer);
    for (const RestOrder& row : page->rows) {
      read->state.open_orders.push_back({row.order_id, row.client_order_id, row.ticker, row.remaining_count});
    }
    if (page->cursor.empty()) return read->done(std::move(read->state));
    read_orders_step(read, page->cursor);
  });
}

void KalshiOrderGateway::read_payouts(const std::vector<std::string>& symbols, std::function<void(PayoutAnswer)> done) {
  struct Read {
    std::map<std::string, Price> payouts;
    std::size_t missing = 0;
    std::string wrong;
  };
  auto read = std::make_shared<Read>();
  read->missing = symbols.size();
  if (symbols.empty()) return done(read->payouts);
  for (const std::string& ticker : symbols) {
    rest_.read("/markets/" + ticker, [read, ticker, done](const net::HttpAnswer& answer) {
      const bool is_read = answer && answer->status == 200;
      if (!is_read) read->wrong = fmt::format("kalshi: {}: {}", ticker, trouble_text(answer));
      const auto payout = is_read ? read_payout(answer->body) : std::nullopt;
      if (payout) read->payouts[ticker] = *payout;
      if (--read->missing != 0) return;
      if (!read->wrong.empty()) return done(failure(read->wrong));
      done(std::move(read->payouts));
    });
  }
}

}  // namespace arbees::kalshi
