#pragma once
// For tests: the loopback Kalshi behind real sockets, its world in virtual time, and clients that sign.

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_client.h"
#include "adapters/net/http_server.h"
#include "adapters/net/websocket_client.h"
#include "adapters/venue/kalshi/signer.h"
#include "sim/servers.h"

namespace arbees::sim {

struct KalshiAnswer {
  int status = 0;
  std::string body;
  rapidjson::Document json;

  // The member at a path like "orders/0/status" as text; numbers and flags as they are written; "(none)" if absent.
  [[nodiscard]] std::string at(std::string_view path) const;
  [[nodiscard]] std::size_t size(std::string_view path) const;

 private:
  [[nodiscard]] const rapidjson::Value* find(std::string_view path) const;
};

// What a WebSocket client saw.
class KalshiStream final : public net::WebSocketHandler {
 public:
  explicit KalshiStream(net::IoLoop& loop) : client(loop, *this) {}
  void on_open() override { is_open = true; }
  void on_frame(std::string_view frame, Timestamp received_at) override {
    frames.emplace_back(frame);
    if (on_text) on_text(frame, received_at);
  }
  void on_ping(std::string_view payload) override { pings.emplace_back(payload); }
  void on_closed(const net::WebSocketClosed& end) override { closed = end; }

  // The first frame from `from` on that contains all parts; its index, or nothing.
  [[nodiscard]] std::optional<std::size_t> find(const std::vector<std::string>& parts, std::size_t from = 0) const;

  net::WebSocketClient client;
  std::vector<std::string> frames;
  std::vector<std::string> pings;
  std::function<void(std::string_view, Timestamp)> on_text;
  std::optional<net::WebSocketClosed> closed;
  bool is_open = false;
};

class KalshiRig {
 public:
  explicit KalshiRig(std::string_view faults = "none", WorldSettings settings = {});
  ~KalshiRig();

  enum class Key : std::uint8_t { Rsa, Ed25519 };
  // A signed request below /trade-api/v2; the signature leaves the query out.
  KalshiAnswer call(std::string_view method, std::string_view target, std::string_view body = {},
                    Key key = Key::Ed25519);
  KalshiAnswer call_with(std::string_view method, std::string_view target, std::vector<net::Header> headers,
                         std::string_view body = {});
  [[nodiscard]] std::vector<net::Header> sign(std::string_view method, std::string_view signed_path, Key key,
                                              Duration age = Duration{0});

  // {"ticker":…} of a create with these values; good till cancelled unless said otherwise.
  [[nodiscard]] static std::string order_body(std::string_view ticker, std::string_view side, std::string_view count,
                                              std::string_view price, std::string_view rest = {});

  [[nodiscard]] std::unique_ptr<KalshiStream> connect(std::vector<net::Header> headers);
  [[nodiscard]] std::unique_ptr<KalshiStream> connect() { return connect(sign("GET", "/trade-api/ws/v2", Key::Rsa)); }

  // Lets the sockets work until `done`; a test fails after half a minute.
  void run_until(const std::function<bool()>& done, std::string_view what);
  // Sends a command and waits for all frames before its answer.
  void flush(KalshiStream& stream);

  // Moves the world on, in its own steps.
  void advance(Duration by);
  // An active market of the series with both sides of its book; at least `open_for` before its close.
  [[nodiscard]] const Market& liquid_market(std::string_view series = "KXBTC15M",
                                            Duration open_for = std::chrono::minutes(3));

  net::IoLoop loop;
  World world;
  FaultInjector injector;
  ServerContext context;
  std::unique_ptr<net::ServerHandler> handler;
  std::unique_ptr<net::HttpServer> server;

  static const SimKeys& keys();
  // A world that begins so long before the end of a 15-minute window, in the near future.
  [[nodiscard]] static WorldSettings before_a_close(Duration lead);

 private:
  std::unique_ptr<net::HttpClient> client_;
  arbees::kalshi::PreparedSigner rsa_;
  arbees::kalshi::PreparedSigner ed25519_;
  std::int64_t flushes_ = 1'000'000;
};

}  // namespace arbees::sim
