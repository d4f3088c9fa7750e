#pragma once
// The loopback Kalshi: REST under /trade-api/v2, WebSocket at /trade-api/ws/v2, over the simulated world.
//
// A request passes, in order: the faults (429, 503), the signature (private routes), the token buckets (signed
// requests), its route; its answer may then come late or get lost. Every WebSocket upgrade must be signed.

#include <memory>
#include <vector>

#include "sim/kalshi_account.h"
#include "sim/kalshi_auth.h"
#include "sim/kalshi_market_routes.h"
#include "sim/kalshi_publisher.h"
#include "sim/kalshi_router.h"

namespace arbees::sim {

class KalshiServer final : public net::ServerHandler {
 public:
  explicit KalshiServer(const ServerContext& context);

  void on_request(net::ServerRequest request, net::Responder responder) override;
  Upgrade on_upgrade(const net::ServerRequest& request) override;

 private:
  // An answer that waits for its time.
  struct Late {
    explicit Late(net::IoLoop& loop) : timer(loop) {}
    net::Timer timer;
    bool is_sent = false;
  };

  void add_market_routes();
  void add_account_routes();
  void add_order_routes();
  void add_group_routes();
  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request);
  // Status 401 or 429, or nothing.
  [[nodiscard]] std::optional<net::ServerResponse> refuse(const net::ServerRequest& request, const KalshiRoute& route);
  [[nodiscard]] net::ServerResponse candlesticks(const net::ServerRequest& request, std::string_view ticker) const;
  void send_later(net::Responder responder, net::ServerResponse response, Duration delay);
  // What comes by the clock: maintenance, changes of tick, late fills, triggered groups.
  void on_tick();
  void cancel_triggered_groups();

  KalshiShared shared_;
  KalshiAuth auth_;
  KalshiLimits limits_;
  KalshiGroups groups_;
  KalshiPortfolio portfolio_;
  KalshiOrders orders_;
  KalshiPublisher publisher_;
  KalshiGroupRoutes group_routes_;
  KalshiMarketRoutes market_routes_;
  KalshiAccount account_;
  KalshiRouter router_;
  net::Timer ticks_;
  std::vector<std::unique_ptr<Late>> late_;
  Timestamp last_tick_change_;
  bool is_paused_ = false;
};

}  // namespace arbees::sim
