#pragma once
// The private WebSocket of one account: connects, keeps itself alive, and comes back after every loss.
//
// It knows nothing of what is said; its owner reads the frames. After each (re)connect the owner must ask by REST for
// what may have been missed: no venue replays its private stream.

#include <memory>
#include <string>
#include <string_view>

#include "adapters/net/backoff.h"
#include "adapters/net/websocket_client.h"
#include "adapters/venue/feed_protocol.h"
#include "core/base/result.h"

namespace arbees {

class UserStreamOwner {
 public:
  virtual ~UserStreamOwner() = default;
  // Where to connect, and with what headers, now.
  virtual Result<FeedDial, std::string> dial_user_stream(Timestamp now) = 0;
  virtual void on_user_stream_open(Timestamp now) = 0;
  virtual void on_user_frame(std::string_view frame, Timestamp received_at) = 0;
  virtual void on_user_stream_lost(const std::string& reason, Timestamp now) = 0;
};

struct UserStreamOptions {
  std::string ca_file;
  std::string ping_text;  // sent as a frame every `ping_every`; empty: none
  Duration ping_every = std::chrono::seconds(10);
  Duration silent_after = std::chrono::seconds(25);  // nothing at all heard: the connection is given up
};

class UserStream final : private net::WebSocketHandler {
 public:
  UserStream(net::IoLoop& loop, UserStreamOwner& owner, UserStreamOptions options, std::uint64_t seed);
  ~UserStream() override = default;
  UserStream(const UserStream&) = delete;
  UserStream& operator=(const UserStream&) = delete;

  void start(Timestamp now);
  void tick(Timestamp now);
  void send(std::string text) { client_.send(std::move(text)); }
  // Gives this connection up; the next one follows.
  void reconnect() { client_.close(); }
  void stop();

  [[nodiscard]] bool is_open() const noexcept { return is_open_; }
  [[nodiscard]] std::uint64_t connects() const noexcept { return connects_; }

 private:
  void on_open() override;
  void on_frame(std::string_view frame, Timestamp received_at) override;
  void on_ping(std::string_view payload) override;
  void on_closed(const net::WebSocketClosed& closed) override;
  void dial(Timestamp now);

  UserStreamOwner& owner_;
  UserStreamOptions options_;
  net::Backoff backoff_;
  net::WebSocketClient client_;
  Timestamp dial_at_ = Timestamp::max();
  Timestamp last_heard_ = kNoTime;
  Timestamp last_ping_ = kNoTime;
  std::uint64_t connects_ = 0;
  bool is_running_ = false;
  bool is_open_ = false;
};

}  // namespace arbees
