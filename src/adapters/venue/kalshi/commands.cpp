#include "adapters/venue/kalshi/commands.h"

#include <charconv>

#include "adapters/telemetry/json.h"

namespace arbees::kalshi {
namespace {

void begin(JsonWriter& json, std::uint64_t id, std::string_view command) {
  json.begin_object().field("id", id).field("cmd", command).key("params").begin_object();
}

std::string end(JsonWriter& json) {
  json.end_object().end_object();
  return json.take();
}

void list(JsonWriter& json, std::string_view name, std::span<const std::string> items) {
  json.key(name).begin_array();
  for (const std::string& item : items) json.value(item);
  json.end_array();
}

void channels(JsonWriter& json, std::string_view channel) {
  json.key("channels").begin_array().value(channel).end_array();
}

void sids(JsonWriter& json, std::uint64_t sid) { json.key("sids").begin_array().value(sid).end_array(); }

std::optional<std::uint64_t> number(const JsonScalar& value) noexcept {
  std::uint64_t count = 0;
  const char* end_of_text = value.text.data() + value.text.size();
  const auto parsed = std::from_chars(value.text.data(), end_of_text, count);
  if (!value.is_number() || parsed.ec != std::errc{} || parsed.ptr != end_of_text) return std::nullopt;
  return count;
}

// Top level: type, sid. Within msg: sid, channel, code, msg.
class ReplyHandler final : public JsonHandler {
 public:
  explicit ReplyHandler(Reply& reply) noexcept : reply_(reply) {}

  void begin_object(std::string_view key) override {
    ++depth_;
    if (depth_ == 2 && key == "msg") in_body_ = true;
  }
  void end_object() override {
    if (depth_ == 2) in_body_ = false;
    --depth_;
  }
  void begin_array(std::string_view) override { ++depth_; }
  void end_array() override { --depth_; }
  void scalar(std::string_view key, const JsonScalar& value) override {
    if (depth_ == 1) top(key, value);
    if (depth_ == 2 && in_body_) body(key, value);
  }

 private:
  void top(std::string_view key, const JsonScalar& value) {
    if (key == "sid" && !reply_.sid) reply_.sid = number(value);
    if (key != "type") return;
    if (value.text == "subscribed") reply_.kind = Reply::Kind::Subscribed;
    if (value.text == "unsubscribed") reply_.kind = Reply::Kind::Unsubscribed;
    if (value.text == "error") reply_.kind = Reply::Kind::Error;
  }
  void body(std::string_view key, const JsonScalar& value) {
    if (key == "sid") reply_.sid = number(value);
    if (key == "channel") reply_.channel = value.text;
    if (key == "code") reply_.code = number(value).value_or(0);
    if (key == "msg") reply_.message = value.text;
  }

  Reply& reply_;
  int depth_ = 0;
  bool in_body_ = false;
};

}  // namespace

std::string Commands::subscribe_books(std::span<const std::string> tickers, bool use_yes_price) {
  JsonWriter json;
  begin(json, ++last_id_, "subscribe");
  channels(json, "orderbook_delta");
  list(json, "market_tickers", tickers);
  json.field("use_yes_price", use_yes_price);
  return end(json);
}

std::string Commands::subscribe_markets(std::string_view channel, std::span<const std::string> tickers) {
  JsonWriter json;
  begin(json, ++last_id_, "subscribe");
  channels(json, channel);
  list(json, "market_tickers", tickers);
  if (channel == "ticker") json.field("send_initial_snapshot", true);
  return end(json);
}

std::string Commands::subscribe_all(std::string_view channel) {
  JsonWriter json;
  begin(json, ++last_id_, "subscribe");
  channels(json, channel);
  return end(json);
}

std::string Commands::subscribe_indices(std::string_view channel, std::span<const std::string> index_ids) {
  JsonWriter json;
  begin(json, ++last_id_, "subscribe");
  channels(json, channel);
  list(json, "index_ids", index_ids);
  return end(json);
}

std::string Commands::update_markets(std::uint64_t sid, std::string_view action, std::span<const std::string> tickers) {
  JsonWriter json;
  begin(json, ++last_id_, "update_subscription");
  sids(json, sid);
  list(json, "market_tickers", tickers);
  json.field("action", action);
  return end(json);
}

std::string Commands::update_indices(std::uint64_t sid, std::string_view action,
                                     std::span<const std::string> index_ids) {
  JsonWriter json;
  begin(json, ++last_id_, "update_subscription");
  sids(json, sid);
  list(json, "index_ids", index_ids);
  json.field("action", action);
  return end(json);
}

std::string Commands::unsubscribe(std::uint64_t sid) {
  JsonWriter json;
  begin(json, ++last_id_, "unsubscribe");
  sids(json, sid);
  return end(json);
}

bool ReplyReader::read(std::string_view frame, Reply& reply) {
  reply = Reply{};
  ReplyHandler handler(reply);
  return walker_.walk(frame, handler) == nullptr;
}

}  // namespace arbees::kalshi
