#include "adapters/venue/kraken/feed.h"

#include "adapters/telemetry/json.h"
#include "adapters/venue/kraken/decoder.h"
#include "adapters/venue/spot_session.h"
#include "adapters/venue/stream_feed.h"

namespace arbees::kraken {
namespace {

class Session final : public SpotSession<Decoder> {
 public:
  explicit Session(std::size_t depth) : depth_(depth) {}

  // The precisions of the instrument channel come first: the checksums need them.
  void open(std::span<const std::string> symbols, Timestamp now, SessionReply& reply) override {
    reply.frames.emplace_back(R"({"method":"subscribe","params":{"channel":"instrument","snapshot":true}})");
    SpotSession::open(symbols, now, reply);
  }
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    for (const std::string_view channel : {"book", "ticker", "trade"}) {
      reply.frames.push_back(request("subscribe", channel, symbols));
    }
  }
  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    for (const std::string_view channel : {"book", "ticker", "trade"}) {
      reply.frames.push_back(request("unsubscribe", channel, symbols));
    }
  }
  void resync(std::span<const std::string> symbols, int, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(request("unsubscribe", "book", symbols));
    reply.frames.push_back(request("subscribe", "book", symbols));
  }

 private:
  [[nodiscard]] bool is_refusal(std::string_view frame) const override {
    return frame.find(R"("success":false)") != std::string_view::npos;
  }
  std::string request(std::string_view method, std::string_view channel, std::span<const std::string> symbols) {
    JsonWriter json;
    json.begin_object().field("method", method).key("params").begin_object().field("channel", channel);
    json.key("symbol").begin_array();
    for (const std::string& symbol : symbols) json.value(symbol);
    json.end_array();
    const bool is_subscribe = method == "subscribe";
    if (channel == "book") json.field("depth", static_cast<std::uint64_t>(depth_));
    if (is_subscribe && channel != "trade") json.field("snapshot", true);
    if (is_subscribe && channel == "trade") json.field("snapshot", false);
    if (is_subscribe && channel == "ticker") json.field("event_trigger", "bbo");
    json.end_object().field("req_id", ++last_request_).end_object();
    return json.take();
  }

  std::size_t depth_;
  std::uint64_t last_request_ = 0;
};

class Protocol final : public SpotProtocol {
 public:
  explicit Protocol(FeedOptions options)
      : SpotProtocol("kraken", std::move(options.websocket)), depth_(options.depth) {}
  [[nodiscard]] std::unique_ptr<FeedSession> make_session(bool) override { return std::make_unique<Session>(depth_); }

 private:
  std::size_t depth_;
};

}  // namespace

std::unique_ptr<Feed> make_feed(const FeedContext& context, FeedOptions options) {
  return std::make_unique<StreamFeed>(std::make_unique<Protocol>(std::move(options)), context, nullptr);
}

}  // namespace arbees::kraken
