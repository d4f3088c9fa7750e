#pragma once
// The one thing a feed needs of the network, narrow enough to be played by a script in tests.

#include <memory>
#include <string>

#include "adapters/net/io_loop.h"
#include "adapters/net/url.h"
#include "adapters/net/websocket_client.h"

namespace arbees {

// A WebSocket: the promises of net/websocket_client.h hold (callbacks never from inside these calls, none after the
// destructor, on_closed once and last).
class FeedSocket {
 public:
  virtual ~FeedSocket() = default;
  virtual void connect(const net::Url& url, net::WebSocketOptions options) = 0;
  virtual void send(std::string text) = 0;
  virtual void close() = 0;
};

class FeedSocketMaker {
 public:
  virtual ~FeedSocketMaker() = default;
  virtual std::unique_ptr<FeedSocket> make(net::WebSocketHandler& handler) = 0;
};

// Real ones. `ca_file` empty: the system's trusted roots.
class NetSocketMaker final : public FeedSocketMaker {
 public:
  NetSocketMaker(net::IoLoop& loop, std::string ca_file);
  std::unique_ptr<FeedSocket> make(net::WebSocketHandler& handler) override;

 private:
  net::IoLoop& loop_;
  std::string ca_file_;
};

}  // namespace arbees
