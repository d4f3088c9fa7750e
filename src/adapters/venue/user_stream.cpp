#include "adapters/venue/user_stream.h"

#include <utility>

namespace arbees {
namespace {

// Orders are out while the stream is down: it comes back faster than a feed would.
constexpr net::BackoffOptions kReturn{std::chrono::milliseconds(100), std::chrono::seconds(3),
                                      std::chrono::seconds(10)};

}  // namespace

UserStream::UserStream(net::IoLoop& loop, UserStreamOwner& owner, UserStreamOptions options, std::uint64_t seed)
    : owner_(owner), options_(std::move(options)), backoff_(kReturn, seed), client_(loop, *this) {}

void UserStream::start(Timestamp now) {
  is_running_ = true;
  dial(now);
}

void UserStream::dial(Timestamp now) {
  dial_at_ = Timestamp::max();
  auto to = owner_.dial_user_stream(now);
  if (!to) {
    owner_.on_user_stream_lost(to.error(), now);
    dial_at_ = now + backoff_.on_failure(now);
    return;
  }
  net::WebSocketOptions socket;
  socket.headers = std::move(to->headers);
  socket.ca_file = options_.ca_file;
  socket.idle_timeout = options_.silent_after;
  client_.connect(to->url, std::move(socket));
}

void UserStream::tick(Timestamp now) {
  if (!is_running_) return;
  if (dial_at_ <= now) return dial(now);
  if (!is_open_) return;
  if (now - last_heard_ > options_.silent_after) return client_.close();
  if (options_.ping_text.empty() || now - last_ping_ < options_.ping_every) return;
  last_ping_ = now;
  client_.send(options_.ping_text);
}

void UserStream::stop() {
  is_running_ = false;
  dial_at_ = Timestamp::max();
  if (is_open_) client_.close();
}

void UserStream::on_open() {
  const Timestamp now = net::IoLoop::now();
  is_open_ = true;
  ++connects_;
  last_heard_ = last_ping_ = now;
  backoff_.on_success(now);
  owner_.on_user_stream_open(now);
}

void UserStream::on_frame(std::string_view frame, Timestamp received_at) {
  last_heard_ = received_at;
  owner_.on_user_frame(frame, received_at);
}

void UserStream::on_ping(std::string_view) { last_heard_ = net::IoLoop::now(); }

void UserStream::on_closed(const net::WebSocketClosed& closed) {
  const Timestamp now = net::IoLoop::now();
  is_open_ = false;
  if (!is_running_) return;
  dial_at_ = now + backoff_.on_failure(now);
  owner_.on_user_stream_lost(closed.reason, now);
}

}  // namespace arbees
