#pragma once
// A sender of one venue's frames, for measuring: answers what our client asks, and then sends a message when told.
//
// It understands only what our own client says, and no orders: the loopback venues of `arbees sim` are the honest
// ones. What is sent is in the venue's form, with sequence numbers and hashes that come out.

#include <memory>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"
#include "app/benching/load_plan.h"
#include "core/base/random.h"

namespace arbees::app {

class LoadVenue : public net::ServerHandler {
 public:
  // One WebSocket. What it asked for is kept by number: of the market, token or pair.
  struct Client {
    std::shared_ptr<net::ServerSocket> socket;
    std::vector<bool> wants;
    std::uint64_t sequence = 0;  // of the messages sent, as the venue counts them
  };

  explicit LoadVenue(const LoadPlan& plan) : plan_(plan), random_(plan.seed) {}
  ~LoadVenue() override;

  // One message to a client that wants it; nothing if there is none.
  virtual void send_one(Timestamp now) = 0;
  // Once a second: heartbeats.
  virtual void beat(Timestamp now) = 0;

  Upgrade on_upgrade(const net::ServerRequest& request) final;

 protected:
  virtual void on_command(Client& client, std::string_view text, Timestamp now) = 0;

  LoadPlan plan_;
  Random random_;
  std::vector<Client*> clients_;

 private:
  class Handler;
  std::vector<Handler*> handlers_;
};

[[nodiscard]] std::unique_ptr<LoadVenue> make_kalshi_load(const LoadPlan& plan);
[[nodiscard]] std::unique_ptr<LoadVenue> make_polymarket_load(const LoadPlan& plan);
[[nodiscard]] std::unique_ptr<LoadVenue> make_coinbase_load(const LoadPlan& plan);
[[nodiscard]] std::unique_ptr<LoadVenue> make_binance_load(const LoadPlan& plan);

}  // namespace arbees::app
