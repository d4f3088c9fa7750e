#include "adapters/venue/coinbase/feed.h"

#include <array>

#include "adapters/telemetry/json.h"
#include "adapters/venue/coinbase/decoder.h"
#include "adapters/venue/spot_session.h"
#include "adapters/venue/stream_feed.h"

namespace arbees::coinbase {
namespace {

void write_products(JsonWriter& json, std::span<const std::string> symbols) {
  json.key("product_ids").begin_array();
  for (const std::string& symbol : symbols) json.value(symbol);
  json.end_array();
}

class Session : public SpotSession<Decoder> {
 protected:
  [[nodiscard]] bool is_refusal(std::string_view frame) const final {
    return frame.find(R"("type":"error")") != std::string_view::npos;
  }
};

class ExchangeSession final : public Session {
 public:
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(request("subscribe", kAll, symbols));
  }
  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(request("unsubscribe", kAll, symbols));
  }
  void resync(std::span<const std::string> symbols, int, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(request("unsubscribe", kBook, symbols));
    reply.frames.push_back(request("subscribe", kBook, symbols));
  }

 private:
  static constexpr std::array<std::string_view, 4> kAll = {"ticker", "matches", "heartbeat", "level2_batch"};
  static constexpr std::array<std::string_view, 1> kBook = {"level2_batch"};

  static std::string request(std::string_view type, std::span<const std::string_view> channels,
                             std::span<const std::string> symbols) {
    JsonWriter json;
    json.begin_object().field("type", type);
    write_products(json, symbols);
    json.key("channels").begin_array();
    for (const std::string_view channel : channels) json.value(channel);
    json.end_array().end_object();
    return json.take();
  }
};

class AdvancedSession final : public Session {
 public:
  // Heartbeats keep the other channels open, and are for the whole connection.
  void open(std::span<const std::string> symbols, Timestamp now, SessionReply& reply) override {
    reply.frames.emplace_back(R"({"type":"subscribe","channel":"heartbeats"})");
    SpotSession::open(symbols, now, reply);
  }
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    for (const std::string_view channel : kChannels) reply.frames.push_back(request("subscribe", channel, symbols));
  }
  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    for (const std::string_view channel : kChannels) reply.frames.push_back(request("unsubscribe", channel, symbols));
  }
  void resync(std::span<const std::string> symbols, int, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(request("unsubscribe", "level2", symbols));
    reply.frames.push_back(request("subscribe", "level2", symbols));
  }

 private:
  static constexpr std::array<std::string_view, 3> kChannels = {"level2", "ticker", "market_trades"};

  static std::string request(std::string_view type, std::string_view channel, std::span<const std::string> symbols) {
    JsonWriter json;
    json.begin_object().field("type", type);
    write_products(json, symbols);
    json.field("channel", channel).end_object();
    return json.take();
  }
};

class Protocol final : public SpotProtocol {
 public:
  explicit Protocol(FeedOptions options) : SpotProtocol("coinbase", std::move(options.websocket)), api_(options.api) {}
  [[nodiscard]] std::unique_ptr<FeedSession> make_session(bool) override {
    if (api_ == Api::Exchange) return std::make_unique<ExchangeSession>();
    return std::make_unique<AdvancedSession>();
  }

 private:
  Api api_;
};

}  // namespace

std::unique_ptr<Feed> make_feed(const FeedContext& context, FeedOptions options) {
  return std::make_unique<StreamFeed>(std::make_unique<Protocol>(std::move(options)), context, nullptr);
}

}  // namespace arbees::coinbase
