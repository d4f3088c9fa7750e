#pragma once
// The loopback CLOB: routes of REST and WebSocket over one world.
//
// Public routes need nothing, private ones the L2 headers, the two that hand out credentials the L1 headers. What the
// channels, orders, trades and documents are is in their own files; here requests find their way.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"
#include "adapters/net/io_loop.h"
#include "sim/clob_auth.h"
#include "sim/clob_books.h"
#include "sim/clob_heartbeats.h"
#include "sim/clob_market_channel.h"
#include "sim/clob_orders.h"
#include "sim/clob_trades.h"
#include "sim/clob_user_channel.h"
#include "sim/polymarket_prices.h"
#include "sim/servers.h"
#include "sim/world_listener.h"

namespace arbees::sim {

class ClobServer final : public net::ServerHandler, public WorldListener {
 public:
  ClobServer(const ServerContext& context, const ClobRules& rules);
  ~ClobServer() override;

  void on_request(net::ServerRequest request, net::Responder responder) override;
  Upgrade on_upgrade(const net::ServerRequest& request) override;

  void on_market_created(const Market& market) override;
  void on_phase(const Market& market) override;
  void on_grid(const Market& market, const PriceGrid& old_grid) override;
  void on_settled(const Market& market) override;
  void on_book_change(const Market& market, const BookChange& change) override;
  void on_trade(const Market& market, const MarketTrade& trade) override;
  void on_order(const Order& order) override;
  void on_fill(const Fill& fill) override;
  void on_index(const IndexValue& value) override;
  void on_step(Timestamp now) override;

 private:
  using Reply = std::function<void(net::ServerResponse)>;
  struct LateReply {
    Timestamp due = kNoTime;
    net::Responder responder;
    net::ServerResponse response;
  };

  void advance(Timestamp now);
  void strike(Timestamp now);
  void route(const net::ServerRequest& request, Timestamp now, const Reply& reply);

  // clob_public_routes.cpp. False: no such route.
  [[nodiscard]] bool route_public(const net::ServerRequest& request, const Reply& reply);
  [[nodiscard]] net::ServerResponse answer_token(const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse answer_tokens(const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse answer_market(const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse answer_markets(const net::ServerRequest& request);
  // What GET /price, /midpoint … say of one token; empty for an unknown route.
  [[nodiscard]] std::string token_document(std::string_view path, const World::Token& token, std::string_view side);
  [[nodiscard]] Price price_of(const World::Token& token, std::string_view side) const;

  // clob_private_routes.cpp
  [[nodiscard]] bool route_login(const net::ServerRequest& request, Timestamp now, const Reply& reply);
  void route_private(const net::ServerRequest& request, Timestamp now, const Reply& reply);
  void post_order(const net::ServerRequest& request, const ClobCredentials& key, Timestamp now, const Reply& reply);
  void post_orders(const net::ServerRequest& request, const ClobCredentials& key, Timestamp now, const Reply& reply);
  [[nodiscard]] net::ServerResponse cancel(const net::ServerRequest& request, const ClobCredentials& key,
                                           Timestamp now);
  [[nodiscard]] net::ServerResponse list_orders(const net::ServerRequest& request, const ClobCredentials& key);
  [[nodiscard]] net::ServerResponse list_trades(const net::ServerRequest& request, const ClobCredentials& key,
                                                Timestamp now);
  [[nodiscard]] net::ServerResponse balance(const net::ServerRequest& request, const ClobCredentials& key);
  [[nodiscard]] net::ServerResponse heartbeat(const net::ServerRequest& request, const ClobCredentials& key,
                                              Timestamp now);
  [[nodiscard]] bool is_account(const polymarket::Address& address) const;
  [[nodiscard]] Timestamp stated(Timestamp time) const;

  ServerContext context_;
  ClobRules rules_;
  ClobAuthority authority_;
  ClobBooks books_;
  ClobMarketChannel market_channel_;
  ClobUserChannel user_channel_;
  PolymarketPrices prices_;
  ClobTrades trades_;
  ClobOrders orders_;
  ClobHeartbeats heartbeats_;
  std::map<std::string, std::int64_t> seen_;  // balances of decided tokens, as they were seen last
  std::vector<LateReply> late_;
  Timestamp last_tick_change_;
  bool is_paused_ = false;
  net::Timer timer_;
};

[[nodiscard]] net::ServerResponse clob_document(std::string body);

}  // namespace arbees::sim
