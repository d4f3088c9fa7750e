#pragma once
// Messages of the bus as entries of Redis streams (XADD), each stream trimmed to about its length.
//
// A thread and a connection of their own, apart from the kill switch's: what Redis does to the streams holds up nobody.
// At most Link::kMostWaiting entries wait; what finds no room, and what a Redis that is away or slow does not take, is
// lost and counted. Nothing is sent twice.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/bus/envelope.h"
#include "adapters/redis/redis_link.h"
#include "adapters/telemetry/json.h"
#include "app/config/config.h"

namespace arbees::app {

struct StreamLengths {
  std::int64_t prices = 50'000;
  std::int64_t others = 5'000;
};

// "stream:prices:kalshi" …; "stream:unknown" for what is of no known kind.
[[nodiscard]] std::string_view stream_of(std::string_view topic) noexcept;

class RedisStreams {
 public:
  RedisStreams(net::IoLoop& loop, const redis::Address& address, StreamLengths lengths);

  // Fields: topic, payload, zmq_seq, zmq_ts, recv_ts (milliseconds), source. What is no message has its text alone.
  void add(const std::string& topic, const std::string& body, const std::optional<bus::Envelope>& envelope,
           Timestamp received_at);
  void tick(Timestamp now);
  // "redis_streams": {"up","written","lost","refused"}.
  void write_status(JsonWriter& json) const;
  // What waits is still sent, if Redis takes it within two seconds.
  void finish();

 private:
  void on_reply(const redis::Reply& reply);

  StreamLengths lengths_;
  std::uint64_t written_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t told_lost_ = 0;
  std::string trouble_;
  Timestamp next_word_ = kNoTime;
  std::unique_ptr<redis::Link> link_;  // last: gone before what it calls
};

}  // namespace arbees::app
