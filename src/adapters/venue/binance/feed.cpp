#include "adapters/venue/binance/feed.h"

#include <algorithm>

#include "adapters/telemetry/json.h"
#include "adapters/venue/binance/decoder.h"
#include "adapters/venue/rest_snapshots.h"
#include "adapters/venue/spot_session.h"
#include "adapters/venue/stream_feed.h"
#include "core/base/assert.h"

namespace arbees::binance {
namespace {

// The deepest snapshot whose weight (25) leaves the rate of our table within the venue's 6,000 a minute.
constexpr std::string_view kDepthTarget = "/api/v3/depth?limit=500&symbol=";

std::string lower(std::string_view symbol) {
  std::string text(symbol);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

class Session final : public SpotSession<Decoder> {
 public:
  explicit Session(bool candles) : candles_(candles) {}

  // The snapshot is asked for once the venue has said that changes flow.
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(request("SUBSCRIBE", symbols));
    waiting_.insert(waiting_.end(), symbols.begin(), symbols.end());
  }
  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(request("UNSUBSCRIBE", symbols));
    std::erase_if(waiting_, [symbols](const std::string& waiting) {
      return std::find(symbols.begin(), symbols.end(), waiting) != symbols.end();
    });
  }
  void resync(std::span<const std::string> symbols, int, Timestamp, SessionReply& reply) override {
    for (const std::string& symbol : symbols) ask(symbol, reply);
  }
  void on_snapshot(std::string_view symbol, std::string_view body, Timestamp received_at, DecodedFrame& out) override {
    decoder_.set_snapshot_symbol(symbol);
    decoder_.decode(body, received_at, out);
  }
  // A depth answer does not say whose it is.
  [[nodiscard]] std::string recorded_snapshot(std::string_view symbol, std::string_view body) const override {
    return "{\"stream\":\"" + lower(symbol) + std::string(kRestStream) + "\",\"data\":" + std::string(body) + "}";
  }

 private:
  [[nodiscard]] bool is_refusal(std::string_view frame) const override {
    return frame.find(R"("msg")") != std::string_view::npos;
  }
  void on_control(std::string_view frame, Timestamp, SessionReply& reply) override {
    if (frame.find("serverShutdown") != std::string_view::npos) reply.wants_successor = true;
    if (frame.find(R"("result":null)") == std::string_view::npos) return;
    for (const std::string& symbol : waiting_) ask(symbol, reply);
    waiting_.clear();
  }
  static void ask(const std::string& symbol, SessionReply& reply) {
    reply.snapshots.push_back({symbol, std::string(kDepthTarget) + symbol});
  }
  std::string request(std::string_view method, std::span<const std::string> symbols) {
    JsonWriter json;
    json.begin_object().field("method", method).key("params").begin_array();
    for (const std::string& symbol : symbols) {
      const std::string name = lower(symbol);
      for (const char* stream : {"@bookTicker", "@trade", "@depth@100ms"}) json.value(name + stream);
      if (!candles_ || !symbol.ends_with("USDT")) continue;
      for (const char* stream : {"@kline_1m", "@kline_1h"}) json.value(name + stream);
    }
    json.end_array().field("id", ++last_request_).end_object();
    return json.take();
  }

  std::vector<std::string> waiting_;
  std::uint64_t last_request_ = 0;
  bool candles_;
};

class Protocol final : public FeedProtocol {
 public:
  Protocol(std::vector<net::Url> hosts, bool candles) : hosts_(std::move(hosts)), candles_(candles) {
    ARBEES_ASSERT(!hosts_.empty());
  }
  [[nodiscard]] const FeedLimits& limits() const override { return feed_limits("binance"); }
  [[nodiscard]] Result<FeedDial, std::string> dial(Timestamp) override {
    return FeedDial{net::join(hosts_[refusals_ % hosts_.size()], "/stream"), {}};
  }
  [[nodiscard]] std::unique_ptr<FeedSession> make_session(bool) override { return std::make_unique<Session>(candles_); }
  // A refusal is for this host: the next may take us at once; after a round of refusals the usual patience holds.
  [[nodiscard]] RetryAdvice advise(const net::WebSocketClosed& closed) const override {
    RetryAdvice advice = retry_advice(closed);
    if (advice.kind != RetryKind::Refused) return advice;
    ++refusals_;
    if (refusals_ % hosts_.size() != 0) advice.kind = RetryKind::Normal;
    advice.what_to_check = "this address may be outside the venue's territory";
    return advice;
  }

 private:
  std::vector<net::Url> hosts_;
  mutable std::size_t refusals_ = 0;
  bool candles_;
};

}  // namespace

std::unique_ptr<Feed> make_feed(net::IoLoop& loop, const FeedContext& context, FeedOptions options) {
  return std::make_unique<StreamFeed>(
      std::make_unique<Protocol>(std::move(options.websockets), options.candles), context,
      std::make_unique<RestSnapshots>(loop, options.rest, options.http, rest_limits("binance")));
}

}  // namespace arbees::binance
