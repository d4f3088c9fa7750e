#include "sim/coinbase_server.h"

#include <algorithm>
#include <array>

#include "sim/coinbase_advanced.h"
#include "sim/coinbase_connection.h"
#include "sim/coinbase_products.h"
#include "sim/spot_text.h"

namespace arbees::sim::coinbase {
namespace {

constexpr Duration kTradesEvery = std::chrono::milliseconds(250);
constexpr Duration kSecond = std::chrono::seconds(1);
constexpr Duration kFiveSeconds = std::chrono::seconds(5);
constexpr Duration kCandle = std::chrono::minutes(5);
constexpr std::size_t kFirstTrades = 100;
constexpr std::size_t kFirstCandles = 100;
constexpr std::array<std::string_view, 2> kBookChannels = {"level2", "level2_batch"};

}  // namespace

Server::Server(const ServerContext& context)
    : context_(context),
      rest_(context.world),
      steps_(context.world, Venue::Coinbase),
      started_at_(context.world.now()) {
  for (const SpotProduct* product : context.world.products(Venue::Coinbase)) {
    products_.push_back({product, context.world.spot_book(*product).update_id, {}});
  }
  context_.world.add_listener(*this);
}

Server::~Server() { context_.world.remove_listener(*this); }

void Server::on_request(net::ServerRequest request, net::Responder responder) {
  const Timestamp now = request.received_at;
  const HttpFate fate = context_.faults.http_fate(false, now);
  if (fate.refuse_status != 0) return responder.send(Rest::refusal(fate.refuse_status));
  BookState books{stated_now(), {}};
  for (const Product& product : products_) books.sequences.emplace(product.product->symbol, product.sequence);
  responder.send(rest_.answer(request, books, now + context_.faults.clock_skew(now)));
}

net::ServerHandler::Upgrade Server::on_upgrade(const net::ServerRequest&) {
  Upgrade upgrade;
  upgrade.handler = std::make_unique<Connection>(*this);
  return upgrade;
}

Timestamp Server::stated_now() const {
  const Timestamp now = world().now();
  return now + context_.faults.clock_skew(now);
}

void Server::on_spot_change(const SpotProduct& product, const SpotLevelChange& change) { steps_.add(product, change); }

void Server::on_spot_trade(const SpotProduct& product, const SpotTradeReport& trade) { steps_.add(product, trade); }

void Server::on_step(Timestamp at) {
  for (std::size_t i = 0; i < products_.size(); ++i) {
    Product& product = products_[i];
    publish_step(product, steps_.products()[i]);
    if (!is_multiple(at, kTradesEvery) || product.untold.empty()) continue;
    std::reverse(product.untold.begin(), product.untold.end());
    publish_advanced("market_trades", product.product->symbol,
                     advanced::market_trades(*product.product, product.untold, advanced::EventKind::Update));
    product.untold.clear();
  }
  if (is_multiple(at, kSecond)) publish_every_second(at);
  if (is_multiple(at, kFiveSeconds)) publish_every_five_seconds();
  for (Connection* connection : connections_) connection->close_if_idle(at);
  steps_.clear();
}

void Server::publish_step(Product& product, const ProductStep& step) {
  const SpotProduct& spot = *product.product;
  for (const SpotTradeReport& trade : step.trades) {
    const Match match{trade, ++product.sequence, context_.seed};
    if (is_wanted(Feed::Exchange, "matches", spot.symbol)) {
      publish_exchange("matches", spot.symbol, exchange::match(spot, match, "match"));
    }
    if (is_wanted(Feed::Exchange, "ticker", spot.symbol)) {
      publish_exchange("ticker", spot.symbol, exchange::ticker(spot, match, quote_of(world(), spot)));
    }
    product.untold.push_back(trade);
  }
  if (!step.trades.empty() && is_wanted(Feed::Advanced, "ticker", spot.symbol)) {
    publish_advanced("ticker", spot.symbol,
                     advanced::ticker(spot, quote_of(world(), spot), advanced::EventKind::Update, true));
  }
  if (step.changes.empty()) return;
  product.sequence += step.changes.size();
  for (const std::string_view channel : kBookChannels) {
    if (!is_wanted(Feed::Exchange, channel, spot.symbol)) continue;
    publish_exchange(channel, spot.symbol, exchange::l2update(spot, step.changes, stated_now()));
  }
  if (is_wanted(Feed::Advanced, "level2", spot.symbol)) {
    publish_advanced("level2", spot.symbol, advanced::l2_update(spot, step.changes));
  }
}

void Server::publish_every_second(Timestamp at) {
  for (const Product& product : products_) {
    const SpotProduct& spot = *product.product;
    publish_exchange("heartbeat", spot.symbol, exchange::heartbeat(spot, last_match(spot), stated_now()));
    if (!is_wanted(Feed::Advanced, "candles", spot.symbol)) continue;
    publish_advanced("candles", spot.symbol,
                     advanced::candles(spot, world().spot_candles(spot, kCandle, 1), advanced::EventKind::Update));
  }
  const auto seconds = static_cast<std::uint64_t>((at - started_at_) / kSecond);
  publish_advanced("heartbeats", "heartbeats", advanced::heartbeat(stated_now(), seconds));
}

void Server::publish_every_five_seconds() {
  for (const Product& product : products_) {
    const SpotProduct& spot = *product.product;
    const Quote quote = quote_of(world(), spot);
    publish_exchange("ticker_batch", spot.symbol, exchange::ticker(spot, last_match(spot), quote));
    publish_advanced("ticker_batch", spot.symbol, advanced::ticker(spot, quote, advanced::EventKind::Update, false));
  }
  publish_exchange("status", "", exchange::status(product_list(world()), currency_list(world())));
}

std::string Server::first_message(Feed feed, std::string_view channel, std::string_view product) const {
  if (feed == Feed::Exchange) return first_exchange(channel, product);
  const SpotProduct* spot = find_product(product);
  return spot == nullptr ? std::string() : first_advanced(channel, *spot);
}

std::string Server::first_exchange(std::string_view channel, std::string_view product) const {
  if (channel == "status") return exchange::status(product_list(world()), currency_list(world()));
  const SpotProduct* found = find_product(product);
  if (found == nullptr) return {};
  const SpotProduct& spot = *found;
  if (channel == "level2" || channel == "level2_batch") {
    return exchange::snapshot(spot, world().spot_book(spot), stated_now());
  }
  if (channel == "matches") return exchange::match(spot, last_match(spot), "last_match");
  if (channel.starts_with("ticker")) return exchange::ticker(spot, last_match(spot), quote_of(world(), spot));
  return {};
}

std::string Server::first_advanced(std::string_view channel, const SpotProduct& product) const {
  using advanced::EventKind;
  if (channel == "level2") return advanced::l2_snapshot(product, world().spot_book(product));
  if (channel == "market_trades") {
    return advanced::market_trades(product, world().spot_trades(product, kFirstTrades), EventKind::Snapshot);
  }
  if (channel.starts_with("ticker")) {
    return advanced::ticker(product, quote_of(world(), product), EventKind::Snapshot, channel == "ticker");
  }
  if (channel == "candles") {
    return advanced::candles(product, world().spot_candles(product, kCandle, kFirstCandles), EventKind::Snapshot);
  }
  if (channel == "status") return advanced::status({&product});
  return {};
}

Match Server::last_match(const SpotProduct& product) const {
  const auto it =
      std::find_if(products_.begin(), products_.end(), [&](const Product& p) { return p.product == &product; });
  return {last_trade(world(), product), it == products_.end() ? 0 : it->sequence, context_.seed};
}

bool Server::is_wanted(Feed feed, std::string_view channel, std::string_view product) const {
  return std::any_of(connections_.begin(), connections_.end(),
                     [&](const Connection* connection) { return connection->wants(feed, channel, product); });
}

void Server::publish_exchange(std::string_view channel, std::string_view product, std::string_view message) {
  for (Connection* connection : connections_) {
    if (connection->wants(Feed::Exchange, channel, product)) connection->send_exchange(message);
  }
}

void Server::publish_advanced(std::string_view channel, std::string_view product, std::string_view event) {
  for (Connection* connection : connections_) {
    if (!connection->wants(Feed::Advanced, channel, product)) continue;
    connection->send_advanced(channel == "level2" ? "l2_data" : channel, event);
  }
}

}  // namespace arbees::sim::coinbase

namespace arbees::sim {

std::unique_ptr<net::ServerHandler> make_coinbase_server(const ServerContext& context) {
  return std::make_unique<coinbase::Server>(context);
}

}  // namespace arbees::sim
