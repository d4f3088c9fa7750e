#pragma once
// One client of Coinbase's loopback WebSocket: its subscriptions on both feeds and its sequence_num.

#include <memory>
#include <string>
#include <string_view>

#include "adapters/net/http_server.h"
#include "sim/coinbase_control.h"
#include "sim/coinbase_exchange.h"
#include "sim/faults.h"

namespace arbees::sim::coinbase {

class Server;

class Connection final : public net::ServerSocketHandler {
 public:
  explicit Connection(Server& server);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void on_open(std::shared_ptr<net::ServerSocket> socket) override;
  void on_text(std::string_view text, Timestamp received_at) override;
  void on_closed() override;

  [[nodiscard]] bool wants(Feed feed, std::string_view channel, std::string_view product) const;
  // A whole message of the Exchange feed.
  void send_exchange(std::string_view message);
  // One event of an Advanced Trade channel; numbered before it can get lost.
  void send_advanced(std::string_view channel, std::string_view event);
  // Who subscribes to nothing for five seconds after connecting is disconnected.
  void close_if_idle(Timestamp at);

 private:
  // `products` empty: none named.
  void change_exchange(const Command& command);
  void change_advanced(const Command& command);
  void send_first(Feed feed, const std::string& channel, const std::string& product);

  Server& server_;
  std::unique_ptr<FaultySocket> socket_;  // while open
  Timestamp opened_at_;
  bool has_subscribed_ = false;
  SubscriptionList exchange_;
  SubscriptionList advanced_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace arbees::sim::coinbase
