#include "adapters/bus/subscriber.h"

#include <fmt/format.h>
#include <zmq.h>

#include <cerrno>

#include "adapters/net/io_loop.h"

namespace arbees::bus {
namespace {

constexpr std::int64_t kLargest = 4 * 1024 * 1024;
constexpr int kReconnectMs = 50;
constexpr int kMaxReconnectMs = 1'000;
constexpr int kHeartbeatMs = 2'000;

// A part of a message; the library's memory is given back when it goes.
class Part {
 public:
  Part() { zmq_msg_init(&message_); }
  ~Part() { zmq_msg_close(&message_); }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  // Interrupted is not empty: nobody would tell of what is left.
  [[nodiscard]] bool receive(void* socket) {
    int size = -1;
    do {
      size = zmq_msg_recv(&message_, socket, ZMQ_DONTWAIT);
    } while (size < 0 && zmq_errno() == EINTR);
    return size >= 0;
  }
  [[nodiscard]] bool has_more() { return zmq_msg_more(&message_) != 0; }
  [[nodiscard]] std::string text() {
    return {static_cast<const char*>(zmq_msg_data(&message_)), zmq_msg_size(&message_)};
  }

 private:
  zmq_msg_t message_;
};

bool prepare(Socket& socket, const SubscriberOptions& options) {
  if (zmq_setsockopt(socket.raw(), ZMQ_MAXMSGSIZE, &kLargest, sizeof kLargest) != 0) return false;
  bool is_set = socket.set(ZMQ_RCVHWM, options.high_water) && socket.set(ZMQ_RECONNECT_IVL, kReconnectMs) &&
                socket.set(ZMQ_RECONNECT_IVL_MAX, kMaxReconnectMs) && socket.set(ZMQ_HEARTBEAT_IVL, kHeartbeatMs) &&
                socket.set(ZMQ_IPV6, 1);
  for (const std::string& topic : options.topics) is_set = is_set && socket.set(ZMQ_SUBSCRIBE, topic);
  return is_set;
}

}  // namespace

Result<std::unique_ptr<Subscriber>, std::string> Subscriber::connect(BusContext& context,
                                                                     const SubscriberOptions& options) {
  std::unique_ptr<Subscriber> subscriber(new Subscriber(options.endpoints.size()));
  for (const Endpoint& endpoint : options.endpoints) {
    Socket socket(context, ZMQ_SUB);
    const std::string text = endpoint.text();
    if (!socket.protect(options.keys, false)) return failure(text + ": the CURVE keys are not valid");
    if (!prepare(socket, options) || zmq_connect(socket.raw(), text.c_str()) != 0) {
      return failure(fmt::format("{}: cannot be connected to: {}", text, last_error()));
    }
    subscriber->sockets_.push_back(std::move(socket));
  }
  return subscriber;
}

std::size_t Subscriber::receive(Duration wait, const std::function<void(BusFrame&&)>& take) {
  std::vector<zmq_pollitem_t> items;
  items.reserve(sockets_.size());
  for (const Socket& socket : sockets_) items.push_back({socket.raw(), 0, ZMQ_POLLIN, 0});
  const auto wait_ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
  if (zmq_poll(items.data(), static_cast<int>(items.size()), static_cast<long>(wait_ms)) <= 0) return 0;
  std::size_t received = 0;
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    if ((items[i].revents & ZMQ_POLLIN) != 0) received += take_ready(i, take);
  }
  return received;
}

std::size_t Subscriber::take_ready(std::size_t publisher, const std::function<void(BusFrame&&)>& take) {
  BusFrame frame;
  std::size_t taken = 0;
  for (; taken < kMostAtOnce && receive_one(publisher, frame); ++taken) take(std::move(frame));
  return taken;
}

int Subscriber::descriptor(std::size_t publisher) const {
  int descriptor = -1;
  std::size_t size = sizeof descriptor;
  zmq_getsockopt(sockets_[publisher].raw(), ZMQ_FD, &descriptor, &size);
  return descriptor;
}

bool Subscriber::receive_one(std::size_t publisher, BusFrame& frame) {
  for (;;) {
    Part topic;
    if (!topic.receive(sockets_[publisher].raw())) return false;
    Part body;
    // The parts of a message arrive together.
    const bool has_two = topic.has_more() && body.receive(sockets_[publisher].raw());
    if (has_two && !body.has_more()) {
      frame.topic = topic.text();
      frame.body = body.text();
      frame.publisher = publisher;
      frame.received_at = net::IoLoop::now();
      return true;
    }
    ++misshapen_;
    for (bool more = has_two; more;) {
      Part rest;
      more = rest.receive(sockets_[publisher].raw()) && rest.has_more();
    }
  }
}

}  // namespace arbees::bus
