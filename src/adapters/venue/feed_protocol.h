#pragma once
// What differs from venue to venue in keeping a stream alive: the supervisor's questions, and who answers them.
//
// A FeedProtocol is made once per stream; it makes a FeedSession for every new connection. A session owns the
// decoder of its connection, so sequences and books start anew with each, and writes the frames to send; it never
// sends, dials, waits or asks a clock itself: all of that is the supervisor's (feed_supervisor.h).

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/url.h"
#include "adapters/net/websocket_client.h"
#include "adapters/venue/feed_limits.h"
#include "adapters/venue/frame.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees {

// A snapshot wanted by REST: GET of `target`, whose answer comes back to the same session (on_snapshot).
struct SnapshotRequest {
  std::string symbol;
  std::string target;  // path and query behind the base of the REST host
};

// What a session wants done. The supervisor empties it.
struct SessionReply {
  std::vector<std::string> frames;         // to send, in order
  std::vector<SnapshotRequest> snapshots;  // fetched by the feed's SnapshotFetcher, if it has one
  std::vector<std::string> markets_heard;  // FeedSink::on_market_heard()
  std::string trouble;                     // for people; empty: none
  bool must_reconnect = false;             // this connection is of no more use
  bool wants_successor = false;            // the venue announced that it will hang up

  void clear() {
    frames.clear();
    snapshots.clear();
    markets_heard.clear();
    trouble.clear();
    must_reconnect = false;
    wants_successor = false;
  }
};

// Gets snapshots by REST within the venue's limits; hands the answer to FeedSupervisor::on_snapshot().
class SnapshotFetcher {
 public:
  virtual ~SnapshotFetcher() = default;
  virtual void fetch(std::uint32_t connection, SnapshotRequest request) = 0;
};

class FeedSession {
 public:
  virtual ~FeedSession() = default;

  [[nodiscard]] virtual FrameDecoder& decoder() = 0;
  // The connection is open: everything to be subscribed, this connection's `symbols` (maybe none) included.
  virtual void open(std::span<const std::string> symbols, Timestamp now, SessionReply& reply) = 0;
  // Later changes; never before open().
  virtual void add(std::span<const std::string> symbols, Timestamp now, SessionReply& reply) = 0;
  virtual void remove(std::span<const std::string> symbols, Timestamp now, SessionReply& reply) = 0;
  // These books are lost, or have had no snapshot for long: ask for new ones. `attempt` counts from 1 per book (the
  // highest of them). A session that cannot, sets must_reconnect.
  virtual void resync(std::span<const std::string> symbols, int attempt, Timestamp now, SessionReply& reply) = 0;
  // After every frame: subscription numbers, refusals, logins. Most frames say nothing of that: look at
  // `decoded.is_control` first.
  virtual void after_frame(std::string_view frame, const DecodedFrame& decoded, Timestamp now, SessionReply& reply) {
    static_cast<void>(frame);
    static_cast<void>(decoded);
    static_cast<void>(now);
    static_cast<void>(reply);
  }
  // The answer to one of our SnapshotRequests: a body of JSON, followed by kFramePadding readable bytes.
  virtual void on_snapshot(std::string_view symbol, std::string_view body, Timestamp received_at, DecodedFrame& out) {
    static_cast<void>(symbol);
    decoder().decode(body, received_at, out);
  }
  // What a recording keeps of such an answer: a frame that a decoder of this venue takes as that book.
  [[nodiscard]] virtual std::string recorded_snapshot(std::string_view symbol, std::string_view body) const {
    static_cast<void>(symbol);
    return std::string(body);
  }
  // Whether this frame is a sign of life that says nothing of prices. By default every control frame is.
  [[nodiscard]] virtual bool is_heartbeat(std::string_view frame, const DecodedFrame& decoded) const {
    static_cast<void>(frame);
    return decoded.is_control;
  }
};

struct FeedDial {
  net::Url url;
  std::vector<net::Header> headers;
};

// How soon to dial again after a connection ended.
enum class RetryKind : std::uint8_t {
  Normal,     // back-off from 250 ms
  Draining,   // the venue sends its clients away: after a random 0–10 s
  Throttled,  // 425, 429, 503: back-off from 10 s
  Refused,    // 401, 403, 451: asking again will not help soon: from 60 s to 10 min
};

struct RetryAdvice {
  RetryKind kind = RetryKind::Normal;
  std::string what_to_check;  // for people, added to the reason: "check the key id …"
};

// By HTTP status: 401, 403, 451 → Refused; 425, 429, 503 → Throttled. By close code: 1012, 4003 → Draining;
// 1013, 4008 → Throttled; 4001 → Refused.
[[nodiscard]] RetryAdvice retry_advice(const net::WebSocketClosed& closed);

// What makes a symbol of the stream proven, and a new connection fit to take over from an old one.
enum class ProofKind : std::uint8_t {
  Snapshot,  // a snapshot of its book
  Quote,     // any price of it: streams of best prices
  AnyPrice,  // symbols are no instruments (reference prices): any price at all on the connection
};

class FeedProtocol {
 public:
  virtual ~FeedProtocol() = default;

  [[nodiscard]] virtual const FeedLimits& limits() const = 0;
  // Where to connect, and with which headers: asked before every dial, since signatures age. The error is for
  // people and counts as a refusal.
  [[nodiscard]] virtual Result<FeedDial, std::string> dial(Timestamp now) = 0;
  // `is_first`: the connection that carries what belongs to no symbol.
  [[nodiscard]] virtual std::unique_ptr<FeedSession> make_session(bool is_first) = 0;
  // Sent every limits().ping_interval.
  [[nodiscard]] virtual std::string_view ping_text() const { return {}; }
  [[nodiscard]] virtual RetryAdvice advise(const net::WebSocketClosed& closed) const { return retry_advice(closed); }
  [[nodiscard]] virtual ProofKind proof() const { return ProofKind::Snapshot; }
  // True: one connection is kept even without symbols (reference prices, lifecycle notices).
  [[nodiscard]] virtual bool needs_connection() const { return false; }
  // False: a second stream of the venue, whose health is not the venue's: no FeedStatus events.
  [[nodiscard]] virtual bool tells_status() const { return true; }
};

}  // namespace arbees
