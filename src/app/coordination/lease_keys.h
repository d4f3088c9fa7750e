#pragma once
// Names of what shards, orchestrator and executor share in Redis.

#include <string>

#include "core/market/venue.h"

namespace arbees::app {

inline constexpr const char* kAssignmentsKey = "orchestrator:assignments";  // hash: asset → shard
inline constexpr const char* kLeaderKey = "orchestrator:leader";            // the orchestrator that decides; expires
inline constexpr const char* kFenceChannel = "orchestrator:fences";  // "BTC 1769710000123": a lease has a new holder
inline constexpr const char* kShardHeartbeats = "shard:*:heartbeat";

// Who may trade an asset; expires.
[[nodiscard]] inline std::string lease_key(Asset asset) {
  return "orchestrator:lease:" + std::string(asset_name(asset));
}
// The number of the latest lease; only ever grows.
[[nodiscard]] inline std::string fence_key(Asset asset) {
  return "orchestrator:fence:" + std::string(asset_name(asset));
}
[[nodiscard]] inline std::string shard_channel(const std::string& shard, const char* what) {
  return "shard:" + shard + ":" + what;
}

}  // namespace arbees::app
