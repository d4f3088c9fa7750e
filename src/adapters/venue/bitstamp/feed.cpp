#include "adapters/venue/bitstamp/feed.h"

#include "adapters/telemetry/json.h"
#include "adapters/venue/bitstamp/decoder.h"
#include "adapters/venue/spot_session.h"
#include "adapters/venue/stream_feed.h"

namespace arbees::bitstamp {
namespace {

class Session final : public SpotSession<Decoder> {
 public:
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    for (const std::string& symbol : symbols) {
      for (const char* channel : {"order_book_", "live_trades_"}) {
        reply.frames.push_back(request("bts:subscribe", channel + symbol));
      }
    }
  }
  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    for (const std::string& symbol : symbols) {
      for (const char* channel : {"order_book_", "live_trades_"}) {
        reply.frames.push_back(request("bts:unsubscribe", channel + symbol));
      }
    }
  }
  // The next message is a whole book anyhow; only if none comes is the subscription in doubt.
  void resync(std::span<const std::string> symbols, int attempt, Timestamp, SessionReply& reply) override {
    for (const std::string& symbol : symbols) {
      decoder_.tell_whole(symbol);
      if (attempt < kDoubtfulAttempt) continue;
      reply.frames.push_back(request("bts:unsubscribe", "order_book_" + symbol));
      reply.frames.push_back(request("bts:subscribe", "order_book_" + symbol));
    }
  }

 private:
  static constexpr int kDoubtfulAttempt = 3;

  [[nodiscard]] bool is_refusal(std::string_view frame) const override {
    return frame.find(R"("bts:error")") != std::string_view::npos;
  }
  void on_control(std::string_view, Timestamp, SessionReply& reply) override {
    if (decoder_.is_reconnect_requested()) reply.wants_successor = true;
  }
  static std::string request(std::string_view event, const std::string& channel) {
    JsonWriter json;
    json.begin_object().field("event", event).key("data").begin_object().field("channel", channel);
    json.end_object().end_object();
    return json.take();
  }
};

class Protocol final : public SpotProtocol {
 public:
  explicit Protocol(FeedOptions options) : SpotProtocol("bitstamp", std::move(options.websocket)) {}
  [[nodiscard]] std::unique_ptr<FeedSession> make_session(bool) override { return std::make_unique<Session>(); }
  [[nodiscard]] std::string_view ping_text() const override { return R"({"event":"bts:heartbeat"})"; }
};

}  // namespace

std::unique_ptr<Feed> make_feed(const FeedContext& context, FeedOptions options) {
  return std::make_unique<StreamFeed>(std::make_unique<Protocol>(std::move(options)), context, nullptr);
}

}  // namespace arbees::bitstamp
