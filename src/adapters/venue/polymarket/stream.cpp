#include "adapters/venue/polymarket/stream.h"

#include <algorithm>
#include <variant>

#include "adapters/telemetry/json.h"
#include "adapters/venue/polymarket/decoder.h"
#include "adapters/venue/polymarket/rtds_decoder.h"

namespace arbees::polymarket {
namespace {

// From this attempt on a lost book is also fetched by REST.
constexpr int kRestAttempt = 2;

void list(JsonWriter& json, std::string_view name, std::span<const std::string> items) {
  json.key(name).begin_array();
  for (const std::string& item : items) json.value(item);
  json.end_array();
}

std::string first_subscription(std::span<const std::string> tokens) {
  JsonWriter json;
  json.begin_object();
  list(json, "assets_ids", tokens);
  json.field("type", "market").field("initial_dump", true).field("custom_feature_enabled", true).end_object();
  return json.take();
}

std::string operation(std::string_view name, std::span<const std::string> tokens) {
  JsonWriter json;
  json.begin_object().field("operation", name);
  list(json, "assets_ids", tokens);
  if (name == "subscribe") json.field("custom_feature_enabled", true);
  json.end_object();
  return json.take();
}

// New markets of all kinds are told unasked; the market's slug and its event's both say of which kind they are.
void tell_slugs(std::string_view frame, std::vector<std::string>& slugs) {
  constexpr std::string_view kKey = R"("slug":")";
  for (std::size_t at = frame.find(kKey); at != std::string_view::npos; at = frame.find(kKey, at)) {
    at += kKey.size();
    slugs.emplace_back(frame.substr(at, std::min(frame.find('"', at), frame.size()) - at));
  }
}

class MarketSession final : public FeedSession {
 public:
  FrameDecoder& decoder() override { return decoder_; }

  void open(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(first_subscription(symbols));
  }
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(operation("subscribe", symbols));
  }
  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(operation("unsubscribe", symbols));
  }
  void resync(std::span<const std::string> symbols, int attempt, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(operation("unsubscribe", symbols));
    reply.frames.push_back(operation("subscribe", symbols));
    if (attempt < kRestAttempt) return;
    for (const std::string& symbol : symbols) reply.snapshots.push_back({symbol, "/book?token_id=" + symbol});
  }

  // Every token ever heard of takes room, those of resolved markets of others included: a new decoder has it all.
  void after_frame(std::string_view frame, const DecodedFrame& decoded, Timestamp, SessionReply& reply) override {
    if (decoded.events.empty() && frame.find(R"("new_market")") != std::string_view::npos) {
      tell_slugs(frame, reply.markets_heard);
    }
    reply.wants_successor = std::any_of(decoded.anomalies.begin(), decoded.anomalies.end(), [](const Anomaly& anomaly) {
      return anomaly.kind == AnomalyKind::OutOfRange && anomaly.detail.starts_with("more tokens");
    });
  }

 private:
  Decoder decoder_{DecoderOptions{.max_tokens = 32'768}};
};

std::string_view topic_name(PriceTopic topic) noexcept {
  return topic == PriceTopic::ChainlinkSpot ? "crypto_prices_chainlink" : "crypto_prices_twap_sixty";
}

SettlementSource source_of(PriceTopic topic) noexcept {
  return topic == PriceTopic::ChainlinkSpot ? SettlementSource::ChainlinkSpot : SettlementSource::ChainlinkTwap60;
}

// The decoder takes the history of a subscription for spot prices; on the connection of another topic it is left out.
class TopicDecoder final : public FrameDecoder {
 public:
  explicit TopicDecoder(PriceTopic topic) noexcept : source_(source_of(topic)) {}

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) override {
    const std::size_t first = out.events.size();
    inner_.decode(frame, received_at, out);
    const auto foreign = [this](const Event& event) {
      const auto* print = std::get_if<IndexPrint>(&event.body);
      return print != nullptr && print->source != source_;
    };
    const auto begin = out.events.begin() + static_cast<std::ptrdiff_t>(first);
    out.events.erase(std::remove_if(begin, out.events.end(), foreign), out.events.end());
  }
  void reset(Timestamp received_at, DecodedFrame& out) override { inner_.reset(received_at, out); }
  [[nodiscard]] DriftCounts drift() const noexcept override { return inner_.drift(); }

 private:
  RtdsDecoder inner_;
  SettlementSource source_;
};

class RtdsSession final : public FeedSession {
 public:
  explicit RtdsSession(PriceTopic topic) : topic_(topic), decoder_(topic) {}

  FrameDecoder& decoder() override { return decoder_; }

  void open(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    if (!symbols.empty()) reply.frames.push_back(action("subscribe", symbols));
  }
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(action("subscribe", symbols));
  }
  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(action("unsubscribe", symbols));
  }
  // Prices have no books to lose.
  void resync(std::span<const std::string>, int, Timestamp, SessionReply&) override {}

 private:
  // The filter is JSON inside a string, and one space in it would silently stop the updates.
  std::string action(std::string_view name, std::span<const std::string> symbols) const {
    JsonWriter json;
    json.begin_object().field("action", name).key("subscriptions").begin_array();
    for (const std::string& symbol : symbols) {
      json.begin_object().field("topic", topic_name(topic_));
      json.field("type", topic_ == PriceTopic::ChainlinkSpot ? "update" : "*");
      json.field("filters", "{\"symbol\":\"" + symbol + "\"}").end_object();
    }
    json.end_array().end_object();
    return json.take();
  }

  PriceTopic topic_;
  TopicDecoder decoder_;
};

}  // namespace

std::unique_ptr<FeedSession> MarketProtocol::make_session(bool) { return std::make_unique<MarketSession>(); }

std::unique_ptr<FeedSession> RtdsProtocol::make_session(bool) { return std::make_unique<RtdsSession>(topic_); }

std::string rtds_symbol(Asset asset) {
  if (asset == Asset::Unknown) return {};
  std::string symbol(asset_name(asset));
  std::transform(symbol.begin(), symbol.end(), symbol.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return symbol + "/usd";
}

}  // namespace arbees::polymarket
