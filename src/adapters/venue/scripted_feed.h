#pragma once
// For tests of feeds: sockets that a script plays, a stream with a language of its own, and a sink that keeps books as
// the core does. Time is whatever the test says.
//
// The stream's frames: "snap A 5" (a snapshot of A's book: one bid level of 5), "set A 7", "gap A" (the decoder lost
// A), "trade A 12" (trade 12), "settle A", "print" (a reference price), "hb" (heartbeat), "leave" (asks for a
// successor), "bad" (the session gives up). What the session sends: "open A,B", "add A", "remove A", "resync A #1".

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/feed.h"
#include "adapters/venue/feed_protocol.h"
#include "adapters/venue/feed_socket.h"
#include "core/market/event.h"

namespace arbees::scripted {

struct SocketScript {
  net::WebSocketHandler* handler = nullptr;  // null: the feed has destroyed the socket
  net::Url url;
  net::WebSocketOptions options;
  std::vector<std::string> sent;
  bool is_open = false;
  bool was_closed_by_feed = false;

  void open();
  void frame(std::string_view text, Timestamp at);
  void ping();
  void end(net::WebSocketClosed closed);
  void end(std::string reason) { end(net::WebSocketClosed{std::move(reason), 0, 0, is_open}); }
  void refuse(int http_status) { end(net::WebSocketClosed{"upgrade refused", http_status, 0, false}); }
  [[nodiscard]] bool has_sent(std::string_view text) const;
};

class Sockets final : public FeedSocketMaker {
 public:
  std::unique_ptr<FeedSocket> make(net::WebSocketHandler& handler) override;
  [[nodiscard]] SocketScript& operator[](std::size_t index) { return *all_.at(index); }
  [[nodiscard]] SocketScript& last() { return *all_.back(); }
  [[nodiscard]] std::size_t count() const noexcept { return all_.size(); }
  // Sockets that the feed still holds and has not closed.
  [[nodiscard]] std::size_t in_use() const;

 private:
  std::vector<std::shared_ptr<SocketScript>> all_;
};

class Protocol final : public FeedProtocol {
 public:
  [[nodiscard]] const FeedLimits& limits() const override { return row; }
  [[nodiscard]] Result<FeedDial, std::string> dial(Timestamp now) override;
  [[nodiscard]] std::unique_ptr<FeedSession> make_session(bool is_first) override;
  [[nodiscard]] std::string_view ping_text() const override { return "ping"; }
  [[nodiscard]] ProofKind proof() const override { return proof_kind; }
  [[nodiscard]] bool needs_connection() const override { return always_connected; }

  FeedLimits row{"scripted", Venue::Kalshi, std::chrono::seconds(10), {}, {}, {}, {}, std::chrono::hours(23), 100, 1000,
                 600};
  ProofKind proof_kind = ProofKind::Snapshot;
  bool always_connected = false;
  bool resync_by_rest = false;
  std::string dial_error;
  std::vector<Timestamp> dialed_at;
};

// Keeps books as core/market/market_state.h does: a FeedStatus that is not Live faults all of them.
class Sink final : public FeedSink {
 public:
  void on_event(const Event& event) override;
  void on_anomaly(Venue, const Anomaly& anomaly, Timestamp) override { anomalies.push_back(anomaly.kind); }
  void on_raw(Venue, std::uint32_t, std::string_view, Timestamp) override { ++raw_frames; }
  void on_marker(Venue, std::uint32_t connection, std::string_view text, Timestamp) override {
    markers.push_back(std::to_string(connection) + " " + std::string(text));
  }

  [[nodiscard]] bool is_proven(std::string_view symbol) const { return is_proven(Venue::Kalshi, symbol); }
  [[nodiscard]] bool is_proven(Venue venue, std::string_view symbol) const;
  [[nodiscard]] std::int64_t quantity(std::string_view symbol) const;  // whole contracts; -1: not proven
  [[nodiscard]] std::size_t proven() const;

  // "book A 5", "fault A", "live", "stale", "down", "trade 12", "settled A", "print" since the last clear.
  std::vector<std::string> log;
  std::vector<AnomalyKind> anomalies;
  std::vector<std::string> markers;
  std::size_t raw_frames = 0;
  std::function<void(const Event&)> also;  // called last

 private:
  struct Book {
    std::string symbol;
    std::int64_t quantity = 0;
    bool in_snapshot = false;
    bool is_proven = false;
  };
  std::map<std::uint64_t, Book> books_;
};

}  // namespace arbees::scripted
