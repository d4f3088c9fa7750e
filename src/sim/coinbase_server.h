#pragma once
// Coinbase's loopback server: REST and both WebSocket feeds on one port, over the world's spot books.
//
// A subscription with `channels` gets the Exchange feed, one with `channel` Advanced Trade; one connection may have
// both. Books change once per step of the world (50 ms); trades of Advanced Trade are gathered for 250 ms.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"
#include "sim/coinbase_control.h"
#include "sim/coinbase_exchange.h"
#include "sim/coinbase_rest.h"
#include "sim/servers.h"
#include "sim/spot_step.h"
#include "sim/world_listener.h"

namespace arbees::sim::coinbase {

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

  // For connections.
  void join(Connection& connection) { connections_.push_back(&connection); }
  void leave(Connection& connection) noexcept { std::erase(connections_, &connection); }
  [[nodiscard]] const ServerContext& context() const noexcept { return context_; }
  [[nodiscard]] const World& world() const noexcept { return context_.world; }
  [[nodiscard]] std::vector<const SpotProduct*> products() const { return world().products(Venue::Coinbase); }
  [[nodiscard]] const SpotProduct* find_product(std::string_view symbol) const {
    return world().find_product(Venue::Coinbase, symbol);
  }
  // What the venue's clock says now.
  [[nodiscard]] Timestamp stated_now() const;
  // What a new subscriber is told at once: Exchange a message, Advanced Trade an event; empty if nothing.
  [[nodiscard]] std::string first_message(Feed feed, std::string_view channel, std::string_view product) const;

 private:
  struct Product {
    const SpotProduct* product = nullptr;
    std::uint64_t sequence = 0;           // of the Exchange feed: one for every change and trade
    std::vector<SpotTradeReport> untold;  // Advanced Trade's of the running 250 ms, oldest first
  };

  [[nodiscard]] std::string first_exchange(std::string_view channel, std::string_view product) const;
  [[nodiscard]] std::string first_advanced(std::string_view channel, const SpotProduct& product) const;
  [[nodiscard]] Match last_match(const SpotProduct& product) const;
  void publish_step(Product& product, const ProductStep& step);
  void publish_every_second(Timestamp at);
  void publish_every_five_seconds();
  [[nodiscard]] bool is_wanted(Feed feed, std::string_view channel, std::string_view product) const;
  void publish_exchange(std::string_view channel, std::string_view product, std::string_view message);
  // `channel` as it is subscribed to.
  void publish_advanced(std::string_view channel, std::string_view product, std::string_view event);

  ServerContext context_;
  Rest rest_;
  SpotSteps steps_;
  std::vector<Product> products_;
  std::vector<Connection*> connections_;
  Timestamp started_at_;
};

}  // namespace arbees::sim::coinbase
