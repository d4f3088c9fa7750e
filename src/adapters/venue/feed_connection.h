#pragma once
// One connection of a stream: its socket, its session, when what arrived, and what waits to be sent.
//
// Decides nothing: the supervisor reads the times and acts. A connection is used for one dial.

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/rate_limiter.h"
#include "adapters/net/websocket_client.h"
#include "adapters/venue/feed_protocol.h"
#include "adapters/venue/feed_socket.h"
#include "core/base/time.h"

namespace arbees {

class FeedConnection;

class ConnectionListener {
 public:
  virtual ~ConnectionListener() = default;
  virtual void on_open(FeedConnection& connection) = 0;
  virtual void on_frame(FeedConnection& connection, std::string_view frame, Timestamp received_at) = 0;
  // The connection must not be destroyed from inside this call.
  virtual void on_closed(FeedConnection& connection, const net::WebSocketClosed& closed) = 0;
};

class FeedConnection final : private net::WebSocketHandler {
 public:
  enum class Phase : std::uint8_t { Dialing, Open, Closing, Closed };

  struct Identity {
    std::uint32_t number = 0;  // of the sockets of this process
    std::size_t shard = 0;
  };

  FeedConnection(ConnectionListener& listener, Identity identity, const FeedLimits& limits,
                 std::unique_ptr<FeedSession> session);
  ~FeedConnection() override;
  FeedConnection(const FeedConnection&) = delete;
  FeedConnection& operator=(const FeedConnection&) = delete;

  void dial(FeedSocketMaker& sockets, const FeedDial& to, Timestamp now);
  // Politely; frames that still come are not passed on.
  void close();

  // Subscription changes wait for the next flush, so that many of them are one frame.
  void plan_add(const std::string& symbol);
  void plan_remove(const std::string& symbol);
  void clear_plans();
  // Lets the session write the planned changes.
  void write_plans(Timestamp now, SessionReply& reply);

  void queue(std::vector<std::string>& frames);
  // Sends what the venue's limit lets through now.
  void flush(Timestamp now);
  void send_ping(std::string_view text, Timestamp now);

  [[nodiscard]] std::uint32_t number() const noexcept { return identity_.number; }
  [[nodiscard]] std::size_t shard() const noexcept { return identity_.shard; }
  [[nodiscard]] Phase phase() const noexcept { return phase_; }
  [[nodiscard]] bool is_open() const noexcept { return phase_ == Phase::Open; }
  [[nodiscard]] FeedSession& session() noexcept { return *session_; }
  // Nothing was heard for longer than the limit (or the dial takes too long).
  [[nodiscard]] bool is_silent(Timestamp now) const noexcept;

  // Kept by the supervisor.
  bool was_pinged = false;  // by the venue; pings come without a time
  Timestamp dialed_at = kNoTime;
  Timestamp opened_at = kNoTime;
  Timestamp rotate_at = kNoTime;
  Timestamp last_frame_at = kNoTime;
  Timestamp last_heartbeat_at = kNoTime;
  Timestamp last_price_at = kNoTime;
  Timestamp last_ping_at = kNoTime;
  Timestamp stale_since = kNoTime;
  std::size_t proven = 0;  // books that it owns and are proven
  DriftCounts drift;       // of its decoder, as last added to the health

 private:
  void on_open() override;
  void on_frame(std::string_view frame, Timestamp received_at) override;
  void on_ping(std::string_view payload) override;
  void on_closed(const net::WebSocketClosed& closed) override;

  ConnectionListener& listener_;
  Identity identity_;
  const FeedLimits& limits_;
  std::unique_ptr<FeedSession> session_;
  std::unique_ptr<FeedSocket> socket_;
  net::RateLimiter sending_;
  std::deque<std::string> outbox_;
  std::vector<std::string> to_add_;
  std::vector<std::string> to_remove_;
  Phase phase_ = Phase::Dialing;
};

}  // namespace arbees
