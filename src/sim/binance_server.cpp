#include "sim/binance_server.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "sim/binance_control.h"
#include "sim/binance_intervals.h"
#include "sim/spot_text.h"

namespace arbees::sim::binance {
namespace {

constexpr Duration kFast = std::chrono::milliseconds(100);
constexpr Duration kSlow = std::chrono::seconds(1);
constexpr Duration kKlineEvery = std::chrono::seconds(2);
constexpr Duration kPingEvery = std::chrono::seconds(20);
constexpr std::array<std::size_t, 3> kPartialDepths = {5, 10, 20};

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool is_same(const SpotLevel& a, const SpotLevel& b) noexcept { return a.price == b.price && a.quantity == b.quantity; }

}  // namespace

// One client.
class Connection final : public net::ServerSocketHandler {
 public:
  Connection(Server& server, Subscriptions subscriptions)
      : server_(server), subscriptions_(std::move(subscriptions)), pinged_at_(server.context_.world.now()) {
    server_.connections_.push_back(this);
  }
  ~Connection() override { std::erase(server_.connections_, this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void on_open(std::shared_ptr<net::ServerSocket> socket) override {
    socket_ = std::make_unique<FaultySocket>(std::move(socket), server_.context_.loop, server_.context_.faults);
  }
  void on_text(std::string_view text, Timestamp) override { socket_->send_reliable(subscriptions_.answer(text)); }
  void on_closed() override { socket_.reset(); }

  [[nodiscard]] bool wants(std::string_view stream) const noexcept {
    return socket_ != nullptr && subscriptions_.contains(stream);
  }
  void send(std::string_view stream, std::string_view payload) {
    if (!subscriptions_.is_combined()) return socket_->send(payload);
    socket_->send(combined(stream, payload));
  }
  void ping_if_due(Timestamp at) {
    if (socket_ == nullptr || at - pinged_at_ < kPingEvery) return;
    pinged_at_ = at;
    socket_->ping(std::to_string(unix_ms(at)));
  }

 private:
  Server& server_;
  Subscriptions subscriptions_;
  std::unique_ptr<FaultySocket> socket_;  // while open
  Timestamp pinged_at_;
};

Server::Server(const ServerContext& context)
    : context_(context), rest_(context.world), steps_(context.world, Venue::Binance) {
  for (const SpotProduct* product : context.world.products(Venue::Binance)) {
    products_.push_back({product, lower_case(product->symbol) + "@", {}, {}, {}, {}});
  }
  context_.world.add_listener(*this);
}

Server::~Server() { context_.world.remove_listener(*this); }

void Server::on_request(net::ServerRequest request, net::Responder responder) {
  const Timestamp now = request.received_at;
  const HttpFate fate = context_.faults.http_fate(false, now);
  if (fate.refuse_status != 0) return responder.send(Rest::refusal(fate.refuse_status));
  responder.send(rest_.answer(request, now + context_.faults.clock_skew(now)));
}

net::ServerHandler::Upgrade Server::on_upgrade(const net::ServerRequest& request) {
  Upgrade upgrade;
  if (!is_stream_path(request.path)) return upgrade;
  upgrade.handler = std::make_unique<Connection>(*this, Subscriptions(request.path, request.parameter("streams")));
  return upgrade;
}

void Server::on_spot_change(const SpotProduct& product, const SpotLevelChange& change) { steps_.add(product, change); }

void Server::on_spot_trade(const SpotProduct& product, const SpotTradeReport& trade) { steps_.add(product, trade); }

void Server::on_step(Timestamp at) {
  const Moment moment{at, at + context_.faults.clock_skew(at)};
  for (std::size_t i = 0; i < products_.size(); ++i) {
    Product& product = products_[i];
    const ProductStep& step = steps_.products()[i];
    for (const SpotLevelChange& change : step.changes) {
      product.fast.add(change);
      product.slow.add(change);
    }
    publish_trades(product, step, moment.stated);
    if (!step.changes.empty()) publish_best(product);
    publish_depth(product, moment);
    publish_klines(product, moment);
  }
  if (is_multiple(at, kSlow)) publish_tickers(moment);
  for (Connection* connection : connections_) connection->ping_if_due(at);
  steps_.clear();
}

void Server::publish_trades(const Product& product, const ProductStep& step, Timestamp stated) {
  const std::string single = product.stream_prefix + "trade";
  const std::string aggregate = product.stream_prefix + "aggTrade";
  for (const SpotTradeReport& report : step.trades) {
    if (is_wanted(single)) publish(single, trade(*product.product, report, stated));
    if (is_wanted(aggregate)) publish(aggregate, aggregate_trade(*product.product, report, stated));
  }
}

void Server::publish_best(Product& product) {
  const std::string stream = product.stream_prefix + "bookTicker";
  if (!is_wanted(stream)) return;
  const SpotBookView book = context_.world.spot_book(*product.product);
  if (book.bids.empty() || book.asks.empty()) return;
  if (is_same(book.bids.front(), product.bid) && is_same(book.asks.front(), product.ask)) return;
  product.bid = book.bids.front();
  product.ask = book.asks.front();
  publish(stream, book_ticker(*product.product, book));
}

void Server::publish_depth(Product& product, const Moment& moment) {
  if (is_multiple(moment.at, kFast)) {
    if (!product.fast.is_empty()) {
      const std::string stream = product.stream_prefix + "depth@100ms";
      if (is_wanted(stream)) publish(stream, depth_update(*product.product, product.fast, moment.stated));
      publish_partial_depth(product, "@100ms");
    }
    product.fast = {};
  }
  if (is_multiple(moment.at, kSlow)) {
    if (!product.slow.is_empty()) {
      const std::string stream = product.stream_prefix + "depth";
      if (is_wanted(stream)) publish(stream, depth_update(*product.product, product.slow, moment.stated));
      publish_partial_depth(product, "");
    }
    product.slow = {};
  }
}

void Server::publish_partial_depth(const Product& product, std::string_view suffix) {
  for (const std::size_t levels : kPartialDepths) {
    const std::string stream = product.stream_prefix + "depth" + std::to_string(levels) + std::string(suffix);
    if (is_wanted(stream)) publish(stream, depth_snapshot(context_.world.spot_book(*product.product), levels));
  }
}

void Server::publish_tickers(const Moment& moment) {
  std::string all_minis = "[";
  std::string all = "[";
  for (const Product& product : products_) {
    const SpotProduct& spot = *product.product;
    const Ticker values{context_.world.spot_day(spot), context_.world.spot_book(spot), last_trade(context_.world, spot),
                        moment.stated};
    const std::string mini = mini_ticker(spot, values);
    const std::string full = ticker(spot, values);
    publish(product.stream_prefix + "miniTicker", mini);
    publish(product.stream_prefix + "ticker", full);
    all_minis += (all_minis.size() > 1 ? "," : "") + mini;
    all += (all.size() > 1 ? "," : "") + full;
  }
  publish("!miniTicker@arr", all_minis + "]");
  publish("!ticker@arr", all + "]");
}

// The running bar every two seconds, and each bar once more when it has ended.
void Server::publish_klines(const Product& product, const Moment& moment) {
  if (!is_multiple(moment.at, kKlineEvery)) return;
  for (const Interval& interval : kIntervals) {
    const std::string stream = product.stream_prefix + "kline_" + std::string(interval.name);
    if (!is_wanted(stream)) continue;
    for (const SpotCandle& candle : context_.world.spot_candles(*product.product, interval.length, 2)) {
      const Timestamp ends_at = candle.opens_at + interval.length;
      const bool is_closed = ends_at <= moment.at;
      // The bar before the running one was told closed when it ended.
      if (is_closed && ends_at != moment.at) continue;
      publish(stream, kline(*product.product, {candle, interval.name, interval.length, is_closed}, moment.stated));
    }
  }
}

bool Server::is_wanted(std::string_view stream) const noexcept {
  return std::any_of(connections_.begin(), connections_.end(), [&](const Connection* c) { return c->wants(stream); });
}

void Server::publish(std::string_view stream, std::string_view payload) {
  for (Connection* connection : connections_) {
    if (connection->wants(stream)) connection->send(stream, payload);
  }
}

}  // namespace arbees::sim::binance

namespace arbees::sim {

std::unique_ptr<net::ServerHandler> make_binance_server(const ServerContext& context) {
  return std::make_unique<binance::Server>(context);
}

}  // namespace arbees::sim
