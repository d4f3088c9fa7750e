#pragma once
// What a shard tells about itself: heartbeats, answers to commands, its status.

#include <string>
#include <vector>

#include "adapters/telemetry/json.h"
#include "app/roles/shard_command.h"
#include "app/roles/shard_markets.h"
#include "app/roles/shard_requests.h"

namespace arbees::app {

struct ShardLease {
  Asset asset = Asset::Unknown;
  std::uint64_t fence = 0;  // 0: leases are not used
  std::size_t contracts = 0;
};

struct ShardReport {
  std::string shard;
  std::string boot;  // of this process
  Timestamp started_at = kNoTime;
  std::string halt_reason;  // empty: it trades
  std::vector<ShardLease> leases;
  std::vector<std::string> left_out;
  ShardMarketCounts markets;
  ShardRequestCounts requests;
  std::size_t proven_books = 0;
  std::size_t open_requests = 0;
  std::uint64_t judged = 0;
  std::uint64_t gaps = 0;
  bool is_stopping = false;
  bool is_redis_up = false;
  bool hears_prices = false;
  bool is_unanswered = false;
  bool asks_catalogues = false;
};

// The predecessor's fields, computed, with leases and reasons added.
[[nodiscard]] std::string heartbeat_document(const ShardReport& report, Timestamp now);
[[nodiscard]] std::string answer_document(const ShardCommand& command, const std::string& note,
                                          const ShardReport& report, Timestamp now);
[[nodiscard]] std::string refusal_document(const ShardCommandRefusal& refusal, const std::string& shard, Timestamp now);
// Fields of the status document: "state" and "reasons" as in the heartbeat, and the counts.
void write_shard_state(const ShardReport& report, JsonWriter& json);
void write_shard_counts(const ShardReport& report, JsonWriter& json);

}  // namespace arbees::app
