#include "adapters/venue/gemini/feed.h"

#include <algorithm>

#include "adapters/telemetry/json.h"
#include "adapters/venue/gemini/decoder.h"
#include "adapters/venue/spot_session.h"
#include "adapters/venue/stream_feed.h"

namespace arbees::gemini {
namespace {

class Session final : public SpotSession<Decoder> {
 public:
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(request("subscribe", symbols));
  }
  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back(request("unsubscribe", symbols));
  }
  // On this connection a single-numbered change could pass for a whole book. A symbol that never had one may be
  // unknown to the venue: for its sake the others are not interrupted.
  void resync(std::span<const std::string> symbols, int, Timestamp, SessionReply& reply) override {
    const auto* lost = std::find_if(symbols.data(), symbols.data() + symbols.size(),
                                    [this](const std::string& symbol) { return decoder_.had_book(symbol); });
    if (lost != symbols.data() + symbols.size()) {
      reply.must_reconnect = true;
      reply.trouble = "the book of " + *lost + " was lost and comes again only on a new connection";
      return;
    }
    reply.frames.push_back(request("subscribe", symbols));
  }

 private:
  [[nodiscard]] bool is_refusal(std::string_view frame) const override {
    return frame.find(R"("error")") != std::string_view::npos;
  }
  std::string request(std::string_view method, std::span<const std::string> symbols) {
    JsonWriter json;
    json.begin_object().field("id", std::to_string(++last_request_)).field("method", method);
    json.key("params").begin_array();
    for (const std::string& symbol : symbols) {
      std::string name(symbol);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
      for (const char* stream : {"@depth", "@trade", "@bookTicker"}) json.value(name + stream);
    }
    json.end_array().end_object();
    return json.take();
  }

  std::uint64_t last_request_ = 0;
};

class Protocol final : public SpotProtocol {
 public:
  explicit Protocol(FeedOptions options) : SpotProtocol("gemini", std::move(options.websocket)) {}
  [[nodiscard]] std::unique_ptr<FeedSession> make_session(bool) override { return std::make_unique<Session>(); }
  [[nodiscard]] std::string_view ping_text() const override { return R"({"id":"ping","method":"ping"})"; }
};

}  // namespace

std::unique_ptr<Feed> make_feed(const FeedContext& context, FeedOptions options) {
  return std::make_unique<StreamFeed>(std::make_unique<Protocol>(std::move(options)), context, nullptr);
}

}  // namespace arbees::gemini
