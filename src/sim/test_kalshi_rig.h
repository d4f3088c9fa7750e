#pragma once
// For tests: the loopback Kalshi behind real sockets, its world in virtual time, and clients that sign.

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <cstdlib>
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

  // Lets the sockets work until `done`; a test fails after five minutes.
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

namespace kalshi_rig {

inline net::Url url_of(std::string_view scheme, std::uint16_t port, std::string_view target) {
  const auto url = net::parse_url(std::string(scheme) + "://127.0.0.1:" + std::to_string(port) + std::string(target));
  return url.value();
}

inline WorldSettings starting_now(WorldSettings settings) {
  if (settings.starts_at == kNoTime) settings.starts_at = net::IoLoop::now();
  return settings;
}

inline arbees::kalshi::PreparedSigner signer_of(const std::string& pem) {
  return std::move(arbees::kalshi::PreparedSigner::from_pem(pem).value());
}

}  // namespace kalshi_rig

inline const rapidjson::Value* KalshiAnswer::find(std::string_view path) const {
  const rapidjson::Value* value = &json;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string part(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (value->IsArray()) {
      const auto index = static_cast<rapidjson::SizeType>(std::strtoul(part.c_str(), nullptr, 10));
      if (index >= value->Size()) return nullptr;
      value = &(*value)[index];
    } else if (value->IsObject() && value->HasMember(part.c_str())) {
      value = &(*value)[part.c_str()];
    } else {
      return nullptr;
    }
  }
  return value;
}

inline std::string KalshiAnswer::at(std::string_view path) const {
  const rapidjson::Value* value = find(path);
  if (value == nullptr) return "(none)";
  if (value->IsString()) return value->GetString();
  if (value->IsInt64()) return std::to_string(value->GetInt64());
  if (value->IsBool()) return value->GetBool() ? "true" : "false";
  return value->IsNull() ? "null" : "(other)";
}

inline std::size_t KalshiAnswer::size(std::string_view path) const {
  const rapidjson::Value* value = find(path);
  return value != nullptr && value->IsArray() ? value->Size() : 0;
}

inline std::optional<std::size_t> KalshiStream::find(const std::vector<std::string>& parts, std::size_t from) const {
  for (std::size_t i = from; i < frames.size(); ++i) {
    bool has_all = true;
    for (const std::string& part : parts) has_all = has_all && frames[i].find(part) != std::string::npos;
    if (has_all) return i;
  }
  return std::nullopt;
}

inline const SimKeys& KalshiRig::keys() {
  static const SimKeys kKeys = make_keys(7);
  return kKeys;
}

inline WorldSettings KalshiRig::before_a_close(Duration lead) {
  constexpr Duration kQuarter = std::chrono::minutes(15);
  const Duration since = (net::IoLoop::now() + lead).time_since_epoch();
  WorldSettings settings;
  settings.starts_at = Timestamp((since / kQuarter + 1) * kQuarter) - lead;
  return settings;
}

inline KalshiRig::KalshiRig(std::string_view faults, WorldSettings settings)
    : world(kalshi_rig::starting_now(settings)),
      injector(parse_fault_plan(faults).value(), 7, world.settings().starts_at),
      context{loop, world, injector, keys()},
      handler(make_kalshi_server(context)),
      server(std::move(net::HttpServer::listen(loop, *handler, {}).value())),
      client_(std::make_unique<net::HttpClient>(loop, kalshi_rig::url_of("http", server->port(), "/"))),
      rsa_(kalshi_rig::signer_of(keys().rsa_private_pem)),
      ed25519_(kalshi_rig::signer_of(keys().ed25519_private_pem)) {
  world.advance(world.settings().starts_at + std::chrono::seconds(1));
}

inline KalshiRig::~KalshiRig() {
  client_.reset();
  server.reset();
}

inline std::vector<net::Header> KalshiRig::sign(std::string_view method, std::string_view signed_path, Key key,
                                                Duration age) {
  const std::int64_t timestamp_ms = unix_ns(net::IoLoop::now() - age) / 1'000'000;
  const std::string presign = std::to_string(timestamp_ms) + std::string(method) + std::string(signed_path);
  arbees::kalshi::SignatureText text;
  EXPECT_TRUE((key == Key::Rsa ? rsa_ : ed25519_).sign(presign, text));
  return {{"KALSHI-ACCESS-KEY", key == Key::Rsa ? keys().rsa_key_id : keys().ed25519_key_id},
          {"KALSHI-ACCESS-TIMESTAMP", std::to_string(timestamp_ms)},
          {"KALSHI-ACCESS-SIGNATURE", std::string(text.view())}};
}

inline KalshiAnswer KalshiRig::call(std::string_view method, std::string_view target, std::string_view body, Key key) {
  const std::string path = "/trade-api/v2" + std::string(target.substr(0, target.find('?')));
  return call_with(method, target, sign(method, path, key), body);
}

inline KalshiAnswer KalshiRig::call_with(std::string_view method, std::string_view target,
                                         std::vector<net::Header> headers, std::string_view body) {
  net::HttpRequest request;
  request.method = method;
  request.target = "/trade-api/v2" + std::string(target);
  request.headers = std::move(headers);
  request.body = body;
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  KalshiAnswer answer;
  bool is_done = false;
  client_->send(std::move(request), [&](net::HttpAnswer got) {
    is_done = true;
    if (!got) {
      answer.body = got.error().reason;
      return;
    }
    answer.status = got->status;
    answer.body = got->body;
    answer.json.Parse(answer.body.data(), answer.body.size());
  });
  run_until([&] { return is_done; }, target);
  return answer;
}

inline std::string KalshiRig::order_body(std::string_view ticker, std::string_view side, std::string_view count,
                                         std::string_view price, std::string_view rest) {
  std::string body = "{\"ticker\":\"" + std::string(ticker) + "\",\"side\":\"" + std::string(side) + "\",\"count\":\"" +
                     std::string(count) + "\",\"price\":\"" + std::string(price) +
                     "\",\"self_trade_prevention_type\":\"taker_at_cross\"";
  if (rest.find("time_in_force") == std::string_view::npos) body += ",\"time_in_force\":\"good_till_canceled\"";
  if (!rest.empty()) body.append(",").append(rest);
  return body + "}";
}

inline std::unique_ptr<KalshiStream> KalshiRig::connect(std::vector<net::Header> headers) {
  auto stream = std::make_unique<KalshiStream>(loop);
  net::WebSocketOptions options;
  options.headers = std::move(headers);
  stream->client.connect(kalshi_rig::url_of("ws", server->port(), "/trade-api/ws/v2"), std::move(options));
  run_until([&] { return stream->is_open || stream->closed; }, "connect");
  return stream;
}

inline void KalshiRig::run_until(const std::function<bool()>& done, std::string_view what) {
  const Timestamp end = net::IoLoop::now() + std::chrono::minutes(5);
  while (!done()) {
    if (net::IoLoop::now() > end) {
      ADD_FAILURE() << "waited in vain for " << what;
      return;
    }
    loop.run_for(std::chrono::milliseconds(10));
  }
}

inline void KalshiRig::flush(KalshiStream& stream) {
  const std::string id = std::to_string(++flushes_);
  const std::size_t from = stream.frames.size();
  stream.client.send("{\"id\":" + id + ",\"cmd\":\"list_subscriptions\"}");
  run_until([&] { return stream.closed || stream.find({"\"id\":" + id}, from).has_value(); }, "the answer " + id);
}

inline void KalshiRig::advance(Duration by) { world.advance(world.now() + by); }

inline const Market& KalshiRig::liquid_market(std::string_view series, Duration open_for) {
  for (int second = 0; second < 7200; ++second) {
    for (std::size_t i = 0; i < world.market_count(); ++i) {
      const Market& market = world.market(static_cast<MarketId>(i));
      if (market.venue != Venue::Kalshi || world.event(market.event).series != series || !market.is_active()) continue;
      const bool has_book =
          world.best_bid(market.id) > Price::from_units(500) && world.best_ask(market.id) < Price::from_units(9500);
      if (has_book && market.closes_at >= world.now() + open_for) return market;
    }
    advance(std::chrono::seconds(1));
  }
  ADD_FAILURE() << "no liquid market in " << series;
  return world.market(0);
}

}  // namespace arbees::sim
