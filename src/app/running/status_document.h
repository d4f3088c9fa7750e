#pragma once
// What a running process tells about itself: a file of its data folder, rewritten a few times a second.
//
// `arbees status` and the dashboard show this document. Whether a process runs at all is decided by the folder's lock,
// never by the file, which may be left over.

#include <functional>
#include <string>
#include <vector>

#include "adapters/telemetry/json.h"
#include "adapters/venue/feed.h"
#include "adapters/venue/order_gateway.h"
#include "app/running/live_trading.h"
#include "app/running/session_watch.h"

namespace arbees::app {

struct StatusInput {
  std::string mode = "paper";
  std::string label;  // what the dashboard calls it; empty: the mode
  std::string dashboard;
  std::string redis;  // "up", "lost"; empty: none is configured
  std::vector<FeedHealth> feeds;
  std::vector<GatewayHealth> gateways;  // live
  Timestamp started_at = kNoTime;
  Timestamp now = kNoTime;
  std::uint64_t listed = 0;  // contracts of the catalog, and those of them that may be traded
  std::uint64_t tradable = 0;
  const SessionWatch* session = nullptr;  // may be null
  // What people call a contract of the catalog; may be empty.
  std::function<std::string(Venue, const std::string& symbol)> title_of;
  std::string database;                         // an object; empty: none
  std::function<void(JsonWriter&)> write_more;  // further fields; may be empty
};

[[nodiscard]] std::string status_document(const StatusInput& input, LiveTrading& trading);
// "prices": those taken in from feeds, by kind.
void write_prices(const EventCounts& counts, JsonWriter& json);
// "cash"; "exposure": what positions and open orders may lose at most, fees included.
void write_cash(const Portfolio& portfolio, JsonWriter& json);
void write_exposure(const Portfolio& portfolio, JsonWriter& json);
// "day_result": what sales and settlements have brought on this UTC day; "max_daily_loss": at which loss it halts.
void write_day(const ExecutionEngine& engine, Timestamp now, JsonWriter& json);
// One row of "feeds".
void write_feed(const FeedHealth& feed, Timestamp now, JsonWriter& json);
// {"running":false,…} of a folder without a process.
[[nodiscard]] std::string stopped_document(const std::string& folder);
[[nodiscard]] std::string status_path(const std::string& folder);
// Replaces the file as a whole; false if it cannot.
bool write_status(const std::string& folder, const std::string& document);
// At the end of a process that ends as it should: a status that is left over is of one that has died.
void remove_status(const std::string& folder);

}  // namespace arbees::app
