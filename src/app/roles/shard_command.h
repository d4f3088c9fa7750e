#pragma once
// Commands of shard:ID:command: what they ask for, and why some are refused.
//
// The predecessor's JSON: {"type":"add_event",…}. Commands of other shards are refused with the place where they
// belong.

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/market/venue.h"

namespace arbees::app {

enum class ShardOrder : std::uint8_t { AddEvent, RemoveEvent, Pause, Resume, Reload, Snapshot, Shutdown };
// "add_event", …
[[nodiscard]] std::string_view shard_order_name(ShardOrder order) noexcept;

struct ShardCommand {
  ShardOrder order = ShardOrder::Snapshot;
  std::string id;  // of the sender's own, given back in the answer; may be empty
  // add_event, remove_event:
  std::string event_id;  // "kalshi:TICKER", "polymarket:CONDITION"
  Venue venue = Venue::Unknown;
  std::string market;
  Asset asset = Asset::Unknown;  // Unknown if not stated
};

struct ShardCommandRefusal {
  std::string type;  // as sent; empty if it cannot be read
  std::string id;
  std::string reason;
};

[[nodiscard]] Result<ShardCommand, ShardCommandRefusal> parse_shard_command(std::string_view text);

}  // namespace arbees::app
