#pragma once
// For the tests of this folder: a loop that is run until something has happened, and recording ends of connections.

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_client.h"
#include "adapters/net/http_server.h"
#include "adapters/net/websocket_client.h"
#include "core/base/assert.h"

namespace arbees::net::testing {

// Far more than anything here takes, also on a busy machine: it only ends a test that has failed.
inline constexpr Duration kPatience = std::chrono::seconds(30);
// For what must not happen: the loop is polled this often.
inline constexpr int kQuietPolls = 50;

// Runs the loop until `done`; false if it never came.
[[nodiscard]] inline bool run_until(IoLoop& loop, const std::function<bool()>& done) {
  const Timestamp end = IoLoop::now() + kPatience;
  while (!done()) {
    if (IoLoop::now() > end) return false;
    loop.run_for(std::chrono::milliseconds(20));
  }
  return true;
}

inline void run_quietly(IoLoop& loop) {
  for (int i = 0; i < kQuietPolls; ++i) loop.run_for(std::chrono::milliseconds(1));
}

inline Url url_of(std::string_view scheme, std::uint16_t port, std::string_view target = "/",
                  std::string_view host = "127.0.0.1") {
  return {std::string(scheme), std::string(host), port, std::string(target)};
}

// The client's end: keeps all it hears.
struct RecordingHandler : WebSocketHandler {
  void on_open() override {
    ++opened;
    if (when_open) when_open();
  }
  void on_frame(std::string_view frame, Timestamp received_at) override {
    frames.emplace_back(frame);
    times.push_back(received_at);
    if (when_frame) when_frame(frame);
  }
  void on_ping(std::string_view payload) override { pings.emplace_back(payload); }
  void on_closed(const WebSocketClosed& closed) override {
    ends.push_back(closed);
    if (when_closed) when_closed();
  }

  int opened = 0;
  std::vector<std::string> frames;
  std::vector<Timestamp> times;
  std::vector<std::string> pings;
  std::vector<WebSocketClosed> ends;
  std::function<void()> when_open;
  std::function<void(std::string_view)> when_frame;
  std::function<void()> when_closed;
};

// The server's end of all WebSockets, and its answers to requests.
struct TestServer : ServerHandler {
  struct Peer : ServerSocketHandler {
    explicit Peer(TestServer& s) : server(s) { ++server.peers_alive; }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer() override { --server.peers_alive; }
    void on_open(std::shared_ptr<ServerSocket> s) override {
      socket = std::move(s);
      server.sockets.push_back(socket);
      if (server.when_open) server.when_open(*socket);
    }
    void on_text(std::string_view text, Timestamp) override {
      server.texts.emplace_back(text);
      if (server.when_text) server.when_text(*socket, text);
    }
    void on_closed() override { ++server.closed; }

    TestServer& server;
    std::shared_ptr<ServerSocket> socket;
  };

  explicit TestServer(IoLoop& loop, HttpServerOptions options = {}) {
    auto listening = HttpServer::listen(loop, *this, options);
    ARBEES_ASSERT(listening.has_value());
    server = *std::move(listening);
  }

  void on_request(ServerRequest request, Responder responder) override {
    requests.push_back(request);
    if (when_request) {
      when_request(request, responder);
    } else {
      responder.send({200, "text/plain", request.method + " " + request.target + " " + request.body, {}});
    }
  }
  Upgrade on_upgrade(const ServerRequest& request) override {
    requests.push_back(request);
    if (when_upgrade) return when_upgrade(request);
    Upgrade upgrade;
    upgrade.handler = std::make_unique<Peer>(*this);
    return upgrade;
  }
  [[nodiscard]] std::uint16_t port() const { return server->port(); }

  int peers_alive = 0;
  int closed = 0;
  std::vector<std::string> texts;
  std::vector<std::shared_ptr<ServerSocket>> sockets;
  std::vector<ServerRequest> requests;
  std::function<void(ServerSocket&)> when_open;
  std::function<void(ServerSocket&, std::string_view)> when_text;
  std::function<void(const ServerRequest&, const Responder&)> when_request;
  std::function<Upgrade(const ServerRequest&)> when_upgrade;
  std::unique_ptr<HttpServer> server;  // last: goes first
};

}  // namespace arbees::net::testing
