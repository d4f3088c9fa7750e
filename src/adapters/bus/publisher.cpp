#include "adapters/bus/publisher.h"

#include <fmt/format.h>
#include <zmq.h>

#include <algorithm>
#include <vector>

#include "adapters/bus/envelope.h"
#include "adapters/bus/topics.h"

namespace arbees::bus {
namespace {

std::int64_t unix_ms(Timestamp time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

}  // namespace

Publisher::Publisher(BusContext& context, const PublisherOptions& options)
    : options_(options), socket_(context, ZMQ_XPUB) {}

Result<std::unique_ptr<Publisher>, std::string> Publisher::bind(BusContext& context, const PublisherOptions& options) {
  std::unique_ptr<Publisher> publisher(new Publisher(context, options));
  Socket& socket = publisher->socket_;
  const std::string text = options.endpoint.text();
  if (!socket.protect(options.keys, true)) return failure(text + ": the CURVE keys are not valid");
  // Every subscription is told, also one that another subscriber has: each newcomer lacks what is true now.
  const bool is_set = socket.set(ZMQ_SNDHWM, options.high_water) && socket.set(ZMQ_XPUB_VERBOSE, 1) &&
                      socket.set(ZMQ_XPUB_NODROP, 1) && socket.set(ZMQ_IPV6, 1);
  if (!is_set || zmq_bind(socket.raw(), text.c_str()) != 0) {
    return failure(fmt::format("{}: cannot be bound: {}", text, last_error()));
  }
  return publisher;
}

bool Publisher::publish(std::string_view topic, std::string_view source, std::string_view payload, Timestamp now) {
  const bool is_topic = is_topic_part(topic) && topic.size() <= kMaxTopic;
  // The envelope around it takes less than the margin.
  constexpr std::size_t kMargin = 512;
  if (!is_topic || source.size() > kMargin / 2 || payload.size() > kMaxBody - kMargin) {
    ++counts_.refused;
    return false;
  }
  Envelope envelope;
  envelope.seq = ++seq_;
  envelope.topic_seq = next_of(topic);
  envelope.timestamp_ms = unix_ms(now);
  envelope.source = std::string(source);
  ++counts_.sent;
  send(topic, encode_message(envelope, payload));
  return true;
}

void Publisher::send(std::string_view topic, std::string_view body) {
  const auto try_to = [this](std::string_view part, int flags) {
    return zmq_send(socket_.raw(), part.data(), part.size(), ZMQ_DONTWAIT | flags) >= 0;
  };
  bool is_sent = try_to(topic, ZMQ_SNDMORE);
  const bool has_topic = is_sent;
  is_sent = is_sent && try_to(body, 0);
  if (is_sent) return;
  // A queue is full. What is left is sent with the library's default, under which only that subscriber loses it.
  ++counts_.slow;
  socket_.set(ZMQ_XPUB_NODROP, 0);
  if (has_topic || try_to(topic, ZMQ_SNDMORE)) (void)try_to(body, 0);
  socket_.set(ZMQ_XPUB_NODROP, 1);
}

std::uint64_t Publisher::next_of(std::string_view topic) {
  const auto known = topics_.find(topic);
  if (known != topics_.end()) {
    known->second.seq = seq_;
    return ++known->second.count;
  }
  if (topics_.size() >= options_.most_topics) forget_old();
  topics_.emplace(std::string(topic), Topic{1, seq_});
  return 1;
}

void Publisher::forget_old() {
  std::vector<std::uint64_t> ages;
  ages.reserve(topics_.size());
  for (const auto& [name, topic] : topics_) ages.push_back(topic.seq);
  const auto middle = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2);
  std::nth_element(ages.begin(), middle, ages.end());
  const std::uint64_t limit = *middle;
  std::erase_if(topics_, [limit](const auto& entry) { return entry.second.seq <= limit; });
}

bool Publisher::take_new_subscribers() {
  bool is_any = false;
  char event[kMaxTopic + 1];
  for (int length = 0; (length = zmq_recv(socket_.raw(), event, sizeof event, ZMQ_DONTWAIT)) >= 0;) {
    is_any = is_any || (length > 0 && event[0] == 1);
  }
  return is_any;
}

}  // namespace arbees::bus
