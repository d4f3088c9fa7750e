#pragma once
// One WebSocket connection to a venue. It connects once and reports its end; who reconnects, and when, is
// decided by its user (the feed supervisor).
//
// TLS checks the certificate chain and the host name, always; SNI is sent. Frames come whole, in one
// buffer that is reused, with kFramePadding readable bytes behind them. Pings of the server are answered;
// a connection on which nothing arrives for `idle_timeout` is closed by us.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/net/io_loop.h"
#include "adapters/net/url.h"
#include "core/base/time.h"

namespace arbees::net {

// Bytes that may be read (not interpreted) behind every frame and every HTTP answer: kFramePadding of venue/frame.h.
inline constexpr std::size_t kReadPadding = 64;

using Header = std::pair<std::string, std::string>;

struct WebSocketOptions {
  std::vector<Header> headers;                          // of the upgrade request, beside the usual ones
  std::string ca_file;                                  // PEM of trusted roots; empty: the system's
  Duration connect_timeout = std::chrono::seconds(10);  // name, TCP, TLS and upgrade together
  Duration idle_timeout = std::chrono::seconds(60);     // nothing at all received, pings and pongs included
  Duration ping_interval = std::chrono::seconds(20);    // our own pings (protocol level); zero: none
  std::size_t max_frame_bytes = std::size_t{16} << 20;  // a longer message closes the connection
  std::size_t max_queued_bytes = std::size_t{4} << 20;  // waiting to be sent; more closes the connection
};

struct WebSocketClosed {
  std::string reason;   // for people, without secrets: "connect: connection refused", "closed by the server: 1001"
  int http_status = 0;  // of a refused upgrade (401, 429 …); 0 otherwise
  int close_code = 0;   // the server's, if it said one
  bool was_open = false;
};

class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;
  virtual void on_open() = 0;
  // `frame` is text or binary; followed by kFramePadding readable bytes; valid during the call only.
  virtual void on_frame(std::string_view frame, Timestamp received_at) = 0;
  virtual void on_ping(std::string_view payload) { static_cast<void>(payload); }  // answered already
  // Exactly once per connect(), last of all calls. The client may be destroyed or connected again from here.
  virtual void on_closed(const WebSocketClosed& closed) = 0;
};

class WebSocketClient {
 public:
  WebSocketClient(IoLoop& loop, WebSocketHandler& handler);
  ~WebSocketClient();  // no call comes after this
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  void connect(const Url& url, WebSocketOptions options);  // must not be connected or connecting
  void send(std::string text);                             // queued in order; ignored unless open
  void close();                                            // politely, and hard after a second; on_closed follows
  [[nodiscard]] bool is_open() const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace arbees::net
