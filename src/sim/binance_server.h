#pragma once
// Binance's loopback server: REST and WebSocket streams on one port, over the world's spot books.
//
// Streams of a symbol, in lower case: depth, depth@100ms (the local-book algorithm works on them: U follows the last
// u), depth5|10|20[@100ms], trade, aggTrade, bookTicker, miniTicker, ticker, kline_INTERVAL; and !miniTicker@arr,
// !ticker@arr. The server pings every 20 s.

#include <memory>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"
#include "sim/binance_messages.h"
#include "sim/binance_rest.h"
#include "sim/servers.h"
#include "sim/spot_step.h"
#include "sim/world_listener.h"

namespace arbees::sim::binance {

class Connection;

class Server final : public net::ServerHandler, public WorldListener {
 public:
  explicit Server(const ServerContext& context);
  ~Server() override;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void on_request(net::ServerRequest request, net::Responder responder) override;
  Upgrade on_upgrade(const net::ServerRequest& request) override;

  void on_spot_change(const SpotProduct& product, const SpotLevelChange& change) override;
  void on_spot_trade(const SpotProduct& product, const SpotTradeReport& trade) override;
  void on_step(Timestamp at) override;

 private:
  friend class Connection;
  struct Product {
    const SpotProduct* product = nullptr;
    std::string stream_prefix;  // "btcusdt@"
    DepthBatch fast;            // of the running 100 ms
    DepthBatch slow;            // of the running second
    SpotLevel bid;              // as the last bookTicker told
    SpotLevel ask;
  };
  // The world's instant and what the venue's clock says then.
  struct Moment {
    Timestamp at = kNoTime;
    Timestamp stated = kNoTime;
  };

  void publish_trades(const Product& product, const ProductStep& step, Timestamp stated);
  void publish_best(Product& product);
  void publish_depth(Product& product, const Moment& moment);
  void publish_partial_depth(const Product& product, std::string_view suffix);
  void publish_tickers(const Moment& moment);
  void publish_klines(const Product& product, const Moment& moment);
  [[nodiscard]] bool is_wanted(std::string_view stream) const noexcept;
  void publish(std::string_view stream, std::string_view payload);

  ServerContext context_;
  Rest rest_;
  SpotSteps steps_;
  std::vector<Product> products_;
  std::vector<Connection*> connections_;
};

}  // namespace arbees::sim::binance
