#include "sim/kalshi_publisher.h"

#include <algorithm>

namespace arbees::sim {

KalshiPublisher::KalshiPublisher(const Parts& parts) : parts_(parts), shared_(parts.shared), index_(parts.shared) {
  shared_.context.world.add_listener(*this);
}

KalshiPublisher::~KalshiPublisher() { shared_.context.world.remove_listener(*this); }

bool KalshiPublisher::is_wanted(KalshiChannel channel, std::string_view ticker) const {
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [&](const KalshiSession* session) { return session->wants(channel, ticker); });
}

void KalshiPublisher::publish(KalshiChannel channel, std::string_view ticker, std::string_view type,
                              std::string_view body) {
  for (KalshiSession* session : sessions_) session->publish(channel, ticker, type, body);
}

void KalshiPublisher::publish_lifecycle(std::string_view type, std::string_view body) {
  publish(KalshiChannel::MarketLifecycle, {}, type, body);
}

std::string KalshiPublisher::current_ticker(const Market& market) const {
  const auto totals = totals_.find(market.id);
  return ticker_body(shared_, market, totals == totals_.end() ? KalshiTradeTotals{} : totals->second);
}

// ---- Listings ----

void KalshiPublisher::on_event_created(const Event& event) {
  if (event.venue == Venue::Kalshi) publish_lifecycle("event_lifecycle", event_created_body(event));
}

void KalshiPublisher::on_market_created(const Market& market) {
  if (market.venue != Venue::Kalshi) return;
  publish_lifecycle("market_lifecycle_v2", market_created_body(shared_, market));
  for (KalshiSession* session : sessions_) session->on_market_created(market);
}

void KalshiPublisher::on_strike(const Market& market) {
  if (market.venue == Venue::Kalshi) publish_lifecycle("market_lifecycle_v2", strike_known_body(market));
}

void KalshiPublisher::on_grid(const Market& market, const PriceGrid&) {
  if (market.venue == Venue::Kalshi) publish_lifecycle("market_lifecycle_v2", grid_changed_body(market));
}

void KalshiPublisher::on_determined(const Market& market) {
  if (market.venue == Venue::Kalshi) publish_lifecycle("market_lifecycle_v2", determined_body(shared_, market));
}

void KalshiPublisher::on_settled(const Market& market) {
  if (market.venue != Venue::Kalshi) return;
  publish_lifecycle("market_lifecycle_v2", settled_body(shared_, market));
  if (user_volume_.contains(market.id)) publish_position(market.id);
}

// ---- Markets ----

void KalshiPublisher::on_book_change(const Market& market, const BookChange& change) {
  if (market.venue != Venue::Kalshi) return;
  touched_.insert(market.id);
  if (!is_wanted(KalshiChannel::OrderbookDelta, market.ticker)) return;
  const std::string_view client_id = change.by_user ? parts_.orders.acting_client_id() : std::string_view();
  const std::string no_price = delta_body(shared_, market, change, false, client_id);
  const std::string yes_price = delta_body(shared_, market, change, true, client_id);
  for (KalshiSession* session : sessions_) session->publish_delta(market.ticker, no_price, yes_price);
}

void KalshiPublisher::on_trade(const Market& market, const MarketTrade& trade) {
  if (market.venue != Venue::Kalshi) return;
  touched_.insert(market.id);
  KalshiTradeTotals& totals = totals_[market.id];
  totals.last_size = trade.quantity;
  totals.traded += trade.price * trade.quantity;
  candles_.on_trade(market, trade);
  if (!is_wanted(KalshiChannel::Trade, market.ticker)) return;
  publish(KalshiChannel::Trade, market.ticker, "trade", trade_body(shared_, market, trade));
}

void KalshiPublisher::on_index(const IndexValue& print) {
  if (!index_.add(print)) return;
  const std::string id = kalshi_index_id(print.asset);
  const bool is_value_wanted = is_wanted(KalshiChannel::IndexValue, {});
  const bool is_fast_wanted = is_wanted(KalshiChannel::IndexValue5Hz, {});
  const std::string value = is_value_wanted ? index_.value_body(print) : std::string();
  const std::string fast = is_fast_wanted ? index_.fast_body(print) : std::string();
  for (KalshiSession* session : sessions_) {
    if (is_value_wanted) session->publish_index(KalshiChannel::IndexValue, id, "cfbenchmarks_value", value);
    if (is_fast_wanted) session->publish_index(KalshiChannel::IndexValue5Hz, id, "cfbenchmarks_value_5hz", fast);
  }
}

void KalshiPublisher::publish_quote(const Market& market, Timestamp now) {
  const World& world = shared_.context.world;
  const std::vector<BookLevel> bids = world.levels(market.id, BookSide::Bid);
  const std::vector<BookLevel> asks = world.levels(market.id, BookSide::Ask);
  Quote quote{kPriceZero, kPriceOne, Quantity{}, Quantity{}, market.volume};
  if (!bids.empty()) quote.bid = bids.front().price, quote.bid_size = bids.front().quantity;
  if (!asks.empty()) quote.ask = asks.front().price, quote.ask_size = asks.front().quantity;
  Quote& last = quotes_[market.id];
  if (quote == last) return;
  last = quote;
  candles_.on_quote(market.id, quote.bid, quote.ask, now);
  if (!is_wanted(KalshiChannel::Ticker, market.ticker)) return;
  publish(KalshiChannel::Ticker, market.ticker, "ticker", current_ticker(market));
}

void KalshiPublisher::on_step(Timestamp now) {
  for (const MarketId id : touched_) publish_quote(shared_.context.world.market(id), now);
  touched_.clear();
  release_late_fills(shared_.now());
}

// ---- The account ----

void KalshiPublisher::on_order(const Order& order) {
  if (order.venue != Venue::Kalshi) return;
  const std::string& ticker = shared_.context.world.market(order.market).ticker;
  if (!is_wanted(KalshiChannel::UserOrders, ticker)) return;
  const std::string group = parts_.groups.group_of(order.public_id);
  publish(KalshiChannel::UserOrders, ticker, "user_order", user_order_body(shared_, order, group));
}

void KalshiPublisher::on_fill(const Fill& fill) {
  if (fill.venue != Venue::Kalshi) return;
  user_volume_[fill.market] += fill.quantity;
  if (const KalshiGroup* group = parts_.groups.on_fill(fill.order_public_id, fill.quantity, fill.time)) {
    triggered_.push_back(group->id);
  }
  const Duration delay = shared_.context.faults.fill_delay(shared_.now());
  if (delay <= Duration{0}) return tell_fill(fill);
  parts_.portfolio.hide_fill(fill.number);
  late_fills_.push_back({shared_.now() + delay, fill});
}

void KalshiPublisher::tell_fill(const Fill& fill) {
  const std::string& ticker = shared_.context.world.market(fill.market).ticker;
  if (is_wanted(KalshiChannel::Fill, ticker)) {
    publish(KalshiChannel::Fill, ticker, "fill", fill_body(shared_, fill));
  }
  publish_position(fill.market);
}

void KalshiPublisher::release_late_fills(Timestamp now) {
  while (!late_fills_.empty() && late_fills_.front().due <= now) {
    const Fill fill = std::move(late_fills_.front().fill);
    late_fills_.pop_front();
    parts_.portfolio.show_fill(fill.number);
    tell_fill(fill);
  }
}

void KalshiPublisher::publish_position(MarketId market) {
  const World& world = shared_.context.world;
  const std::string& ticker = world.market(market).ticker;
  if (!is_wanted(KalshiChannel::MarketPositions, ticker)) return;
  publish(KalshiChannel::MarketPositions, ticker, "market_position",
          position_body(shared_, world.position(Venue::Kalshi, market), user_volume_[market]));
}

void KalshiPublisher::publish_group(std::string_view event_type, std::string_view id, std::optional<Quantity> limit) {
  if (!is_wanted(KalshiChannel::OrderGroups, {})) return;
  publish(KalshiChannel::OrderGroups, {}, "order_group_updates", group_body(shared_, event_type, id, limit));
}

}  // namespace arbees::sim
