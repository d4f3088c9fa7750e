#pragma once
// A live feed of one venue: keeps its subscriptions alive over one or more connections and says how it is doing.
//
// The only way a market's data enters the process. Reconnects, heartbeats, gaps and resynchronisation are the
// feed's own business (feed_supervisor.h); what its users see is a stream of events in which a book is never
// proven when it should not be, FeedStatus events when its health changes, and counts. A feed never trades.
// All calls are made in the thread of its IoLoop; callbacks come from inside IoLoop::run_for().

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/venue/frame.h"
#include "core/base/time.h"
#include "core/market/event.h"

namespace arbees {

// Where what a feed receives goes. Events carry received_at; sequence is given by the engine's loop.
class FeedSink {
 public:
  virtual ~FeedSink() = default;
  // An event decoded from the present frame, in order of receipt.
  virtual void on_event(const Event& event) = 0;
  virtual void on_anomaly(Venue venue, const Anomaly& anomaly, Timestamp at) {
    static_cast<void>(venue);
    static_cast<void>(anomaly);
    static_cast<void>(at);
  }
  // Every frame as it arrived, before it is decoded; `connection` counts the sockets of this process. Also books that
  // were asked for by REST for this connection, in the form of FeedSession::recorded_snapshot().
  virtual void on_raw(Venue venue, std::uint32_t connection, std::string_view frame, Timestamp received_at) {
    static_cast<void>(venue);
    static_cast<void>(connection);
    static_cast<void>(frame);
    static_cast<void>(received_at);
  }
  // "connected", "closed: reason", "subscribed …": beside the raw frames of a recording.
  virtual void on_marker(Venue venue, std::uint32_t connection, std::string_view text, Timestamp at) {
    static_cast<void>(venue);
    static_cast<void>(connection);
    static_cast<void>(text);
    static_cast<void>(at);
  }
  // The venue told of a market that is new or has changed: its catalog may know more. A Kalshi ticker, a Polymarket
  // slug.
  virtual void on_market_heard(Venue venue, std::string_view market) {
    static_cast<void>(venue);
    static_cast<void>(market);
  }
};

struct FeedHealth {
  Venue venue = Venue::Unknown;
  FeedState state = FeedState::Down;
  bool is_polled = false;             // REST polling instead of a stream: slow, and shown as such
  Timestamp last_frame_at = kNoTime;  // anything at all, heartbeats included
  Timestamp last_data_at = kNoTime;   // a price
  std::uint64_t frames = 0;
  std::uint64_t connects = 0;
  std::uint64_t disconnects = 0;
  std::uint64_t gaps = 0;             // sequence, hash or checksum
  std::uint64_t resyncs = 0;          // books proven again after a gap
  std::uint64_t equality_checks = 0;  // streamed book against REST
  std::uint64_t equality_failures = 0;
  std::uint64_t malformed = 0;
  std::uint64_t unknown_messages = 0;  // the drift canary: what we do not know of what they send
  std::uint64_t unknown_fields = 0;
  std::uint64_t unknown_values = 0;  // enum values
  std::uint64_t throttled = 0;       // 429 answers, and our own waits for the rate limit
  Duration clock_skew{};             // venue's clock minus ours, best estimate
  bool has_clock_skew = false;
  std::string last_trouble;  // for people
};

class Feed {
 public:
  virtual ~Feed() = default;
  virtual void start() = 0;
  // Adds to or takes from what is streamed; works before start and while connected. Symbols are those of
  // instrument_id(): tickers, token ids, pairs. Returns at once; books follow as events.
  virtual void subscribe(std::span<const std::string> symbols) = 0;
  virtual void unsubscribe(std::span<const std::string> symbols) = 0;
  // Time passes: staleness, heartbeats, retries. Called every 100 ms at least.
  virtual void tick(Timestamp now) = 0;
  [[nodiscard]] virtual FeedHealth health(Timestamp now) const = 0;
  // Closes every connection; books are faulted by events.
  virtual void stop() = 0;
};

}  // namespace arbees
