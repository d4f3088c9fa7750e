#pragma once
// Either end of one WebSocket: upgrade, reading, the queue of what waits to be sent, pings, close.
//
// Clients and servers differ only in how it begins. Every call to the handler comes from the loop, never from
// inside a call to the channel; on_closed comes exactly once unless abandon() is called before.
// For this folder's .cpp files only.

#include <memory>
#include <string>
#include <string_view>

#include "adapters/net/http_server.h"
#include "adapters/net/stream.h"
#include "adapters/net/websocket_client.h"

namespace arbees::net {

class WebSocketChannel {
 public:
  // `options` as far as they are about an open connection; a duration of zero means never.
  static std::shared_ptr<WebSocketChannel> make(Stream stream, WebSocketHandler& handler, WebSocketOptions options);

  WebSocketChannel() = default;
  WebSocketChannel(const WebSocketChannel&) = delete;
  WebSocketChannel& operator=(const WebSocketChannel&) = delete;
  virtual ~WebSocketChannel() = default;

  virtual void connect(const Url& url) = 0;
  virtual void accept(const ServerRequest& request, const std::string& subprotocol) = 0;

  virtual void send(std::string message) = 0;
  virtual void ping(std::string_view payload) = 0;
  virtual void close(int code, std::string_view reason) = 0;  // after what is queued
  virtual void drop() = 0;                                    // the connection, without a word
  virtual void abandon() noexcept = 0;                        // the same, and the handler hears nothing more
  [[nodiscard]] virtual bool is_open() const noexcept = 0;
};

}  // namespace arbees::net
