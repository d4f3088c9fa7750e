#pragma once
// Keeps one stream of one venue alive: the only place that decides to dial, hang up, resubscribe or give up.
//
// Symbols are spread over shards, one connection each. A state machine in the time it is given: no clock, no sleep,
// no thread; sockets come from a FeedSocketMaker. Invariants, seen from the sink:
// - A book is proven by a snapshot of the one connection that owns it, and only the owner's changes follow. A
//   successor (the venue hangs up after 24 h) takes each book over with its own snapshot, in one frame, so nothing
//   is missed, doubled or contradicted.
// - When a connection ends, falls silent or goes stale, each of its proven books is told as faulted first.
// - FeedStatus is told on every change. It is Live while at least one connection delivers; when another state is
//   told no book is proven, since the core takes it for the loss of every book of the venue.
// - A faulted book is asked for again at once, then after 1, 2, 4 … 60 s; when most books of a connection stay
//   lost it is replaced. Dials back off with full jitter and keep to the venue's rate.
// Events of symbols that are not subscribed are dropped.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/backoff.h"
#include "adapters/net/rate_limiter.h"
#include "adapters/venue/feed.h"
#include "adapters/venue/feed_connection.h"
#include "adapters/venue/feed_protocol.h"
#include "adapters/venue/feed_shard.h"
#include "adapters/venue/feed_socket.h"
#include "adapters/venue/feed_symbols.h"
#include "core/base/random.h"

namespace arbees {

// Numbers the sockets of a process, from 1.
struct ConnectionCounter {
  std::uint32_t last = 0;
};

// What every feed is made with; all of it outlives the feed.
struct FeedContext {
  FeedSocketMaker& sockets;
  FeedSink& sink;
  ConnectionCounter& connections;
  std::uint64_t seed = 1;  // of the jitter
};

class FeedSupervisor final : private ConnectionListener {
 public:
  // `fetcher` may be null: then sessions must not ask for snapshots by REST. All arguments outlive the supervisor.
  FeedSupervisor(FeedProtocol& protocol, const FeedContext& context, SnapshotFetcher* fetcher = nullptr);
  ~FeedSupervisor() override;
  FeedSupervisor(const FeedSupervisor&) = delete;
  FeedSupervisor& operator=(const FeedSupervisor&) = delete;

  // These only note what is wanted; tick() acts.
  void start() noexcept { is_started_ = true; }
  void subscribe(std::span<const std::string> symbols);
  void unsubscribe(std::span<const std::string> symbols);

  void tick(Timestamp now);
  void stop();

  // Something outside (an equality check) found the book wrong: it is told as faulted, and asked for again.
  void fault(InstrumentId id, BookFault fault);
  // The answer to a SnapshotRequest; ignored if its connection is gone. `body` as for a frame.
  void on_snapshot(std::uint32_t connection, std::string_view symbol, std::string_view body, Timestamp received_at);
  // Trouble found outside, for people: a REST request that failed.
  void note_trouble(std::string_view text) { health_.last_trouble = text; }
  void note_throttled() noexcept { ++health_.throttled; }

  [[nodiscard]] FeedHealth health(Timestamp now) const;
  [[nodiscard]] bool is_proven(InstrumentId id) noexcept;
  // Connections that are open now, successors included.
  [[nodiscard]] std::size_t open_connections() const noexcept;
  // Every symbol subscribed, in no particular order.
  [[nodiscard]] std::vector<std::string> symbols();

 private:
  using Shard = FeedShard;

  void on_open(FeedConnection& connection) override;
  void on_frame(FeedConnection& connection, std::string_view frame, Timestamp received_at) override;
  void on_closed(FeedConnection& connection, const net::WebSocketClosed& closed) override;

  // Shards and dialing.
  Shard& shard_with_room();
  [[nodiscard]] Shard& shard_of(const FeedConnection& connection) noexcept;
  [[nodiscard]] bool is_wanted(const Shard& shard) const noexcept;
  [[nodiscard]] std::unique_ptr<FeedConnection> dial(Shard& shard);
  void tick_shard(Shard& shard);
  void tick_connection(Shard& shard, FeedConnection& connection);
  void tick_successor(Shard& shard);
  void check_price_age(Shard& shard);
  void retire(Shard& shard, std::unique_ptr<FeedConnection> connection);

  // The ends of connections.
  void lose(Shard& shard, std::string_view reason);
  void abandon_successor(Shard& shard, std::string_view reason);
  void finish_handover(Shard& shard);
  [[nodiscard]] bool can_hand_over(const Shard& shard);
  void plan_retry(Shard& shard, RetryKind kind);
  // Tells every proven book of the connection as faulted.
  void fault_owned(FeedConnection& connection);
  // The same, and the books wait for another connection.
  void disown(FeedConnection& connection);

  // Frames and events.
  void act(Shard& shard, FeedConnection& connection);
  void forward(FeedConnection& connection);
  void forward_event(FeedConnection& connection, std::size_t index);
  [[nodiscard]] bool accepts(FeedConnection& connection, SubscribedSymbol& symbol, std::size_t index);
  [[nodiscard]] bool proves(std::size_t index, InstrumentId id) const noexcept;
  void adopt(FeedConnection& connection, SubscribedSymbol& symbol);
  void note_event(FeedConnection& connection, SubscribedSymbol& symbol, const Event& event);
  void note_proven(FeedConnection& connection, SubscribedSymbol& symbol) noexcept;
  void note_anomalies(Timestamp at);
  void note_drift(FeedConnection& connection) noexcept;
  void tell_removed();
  void resync(Shard& shard);
  [[nodiscard]] bool is_beyond_healing(const Shard& shard, std::size_t hopeless) const noexcept;

  // Health.
  [[nodiscard]] bool has_fresh_price(const FeedConnection& connection) const noexcept;
  [[nodiscard]] bool is_live(const Shard& shard) const noexcept;
  [[nodiscard]] FeedState present_state() const noexcept;
  void update_state();
  void mark(const FeedConnection& connection, std::string_view text);
  void tell_faulted(InstrumentId id, BookFault fault);
  template <class Body>
  void tell(const Body& body) {
    context_.sink.on_event(Event{now_, kNoTime, 0, body});
  }
  void advance(Timestamp now) noexcept { now_ = now > now_ ? now : now_; }

  FeedProtocol& protocol_;
  const FeedLimits& limits_;
  FeedContext context_;
  SnapshotFetcher* fetcher_;
  ProofKind proof_;

  Random random_;
  net::RateLimiter dials_;
  std::vector<std::unique_ptr<Shard>> shards_;
  FeedSymbols symbols_;
  std::vector<InstrumentId> removed_;  // proven when unsubscribed: told as faulted at the next occasion
  DecodedFrame decoded_;
  SessionReply reply_;
  FeedHealth health_;
  Timestamp now_ = kNoTime;
  FeedState state_ = FeedState::Down;
  bool is_started_ = false;
  bool is_state_told_ = false;
};

}  // namespace arbees
