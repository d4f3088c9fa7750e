#include "app/roles/redis_streams.h"

#include <algorithm>

#include "adapters/bus/topics.h"
#include "adapters/telemetry/log.h"

namespace arbees::app {
namespace {

// Losses are told of so often at most.
constexpr Duration kTellEvery = std::chrono::seconds(10);
// Room for a burst is Redis' business; its time is not ours.
constexpr Duration kDeadline = std::chrono::seconds(2);

bool is_of_prices(std::string_view stream) noexcept { return stream.starts_with("stream:prices:"); }

std::string_view payload_of(const std::string& body) noexcept {
  const std::size_t at = body.find("\"payload\":");
  const std::size_t end = body.rfind('}');
  if (at == std::string::npos || end == std::string::npos || end < at + 10) return body;
  return std::string_view(body).substr(at + 10, end - at - 10);
}

std::string ms_text(Timestamp at) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count());
}

}  // namespace

std::string_view stream_of(std::string_view topic) noexcept {
  if (topic.starts_with(bus::kKalshiPrefix)) return "stream:prices:kalshi";
  if (topic.starts_with(bus::kPolymarketPrefix)) return "stream:prices:polymarket";
  if (topic.starts_with(bus::kSpotPrefix) || topic.starts_with(bus::kIndexPrefix)) return "stream:prices:crypto";
  if (topic.starts_with(bus::kCryptoRequestPrefix) || topic.starts_with(bus::kOtherRequestPrefix)) {
    return "stream:executions";
  }
  if (topic.starts_with(bus::kResultPrefix)) return "stream:trades";
  return topic.starts_with(bus::kContractPrefix) ? "stream:contracts" : "stream:unknown";
}

RedisStreams::RedisStreams(net::IoLoop& loop, const redis::Address& address, StreamLengths lengths)
    : lengths_(lengths) {
  redis::LinkOptions options;
  options.address = address;
  options.deadline = kDeadline;
  redis::LinkListener listener;
  listener.on_state = [text = address.text()](bool is_up, const std::string& why) {
    log(is_up ? LogLevel::Info : LogLevel::Warning, is_up ? "Redis has the streams" : "Redis streams are lost",
        {{"server", text}, {"reason", why}});
  };
  link_ = std::make_unique<redis::Link>(loop, std::move(options), std::move(listener));
}

void RedisStreams::add(const std::string& topic, const std::string& body, const std::optional<bus::Envelope>& envelope,
                       Timestamp received_at) {
  const std::string stream(stream_of(topic));
  const std::int64_t length = is_of_prices(stream) ? lengths_.prices : lengths_.others;
  redis::Words words{"XADD", stream, "MAXLEN", "~", std::to_string(length), "*", "topic", topic, "payload"};
  words.emplace_back(envelope ? payload_of(body) : std::string_view(body));
  if (envelope) {
    for (const auto& [name, value] : {std::pair<const char*, std::string>{"zmq_seq", std::to_string(envelope->seq)},
                                      {"zmq_ts", std::to_string(envelope->timestamp_ms)},
                                      {"source", envelope->source}}) {
      words.emplace_back(name);
      words.push_back(value);
    }
  }
  words.emplace_back("recv_ts");
  words.push_back(ms_text(received_at));
  link_->command(std::move(words), [this](const redis::Reply& reply) { on_reply(reply); });
}

void RedisStreams::on_reply(const redis::Reply& reply) {
  if (reply.kind == redis::ReplyKind::Lost) {
    ++lost_;
  } else if (reply.kind == redis::ReplyKind::Refused) {
    ++refused_;
  } else {
    ++written_;
    return;
  }
  trouble_ = reply.text;
}

void RedisStreams::tick(Timestamp now) {
  if (lost_ + refused_ == told_lost_ || now < next_word_) return;
  next_word_ = now + kTellEvery;
  log(LogLevel::Warning, "messages did not get into Redis streams",
      {{"count", std::to_string(lost_ + refused_ - told_lost_)}, {"reason", trouble_}});
  told_lost_ = lost_ + refused_;
}

void RedisStreams::write_status(JsonWriter& json) const {
  json.key("redis_streams").begin_object().field("up", link_ && link_->is_up()).field("written", written_);
  json.field("lost", lost_).field("refused", refused_).end_object();
}

void RedisStreams::finish() { link_.reset(); }

}  // namespace arbees::app
