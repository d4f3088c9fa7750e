#pragma once
// What a running process tells about itself: a file of its data folder, rewritten a few times a second.
//
// `arbees status` and the dashboard show this document. Whether a process runs at all is decided by the folder's lock,
// never by the file, which may be left over.

#include <string>
#include <vector>

#include "adapters/venue/feed.h"
#include "adapters/venue/order_gateway.h"
#include "app/running/live_trading.h"

namespace arbees::app {

struct StatusInput {
  std::string mode = "paper";
  std::string label;  // what the dashboard calls it; empty: the mode
  std::string dashboard;
  std::vector<FeedHealth> feeds;
  std::vector<GatewayHealth> gateways;  // live
  Timestamp started_at = kNoTime;
  Timestamp now = kNoTime;
  std::uint64_t listed = 0;  // contracts of the catalog, and those of them that may be traded
  std::uint64_t tradable = 0;
};

[[nodiscard]] std::string status_document(const StatusInput& input, LiveTrading& trading);
// {"running":false,…} of a folder without a process.
[[nodiscard]] std::string stopped_document(const std::string& folder);
[[nodiscard]] std::string status_path(const std::string& folder);
// Replaces the file as a whole; false if it cannot.
bool write_status(const std::string& folder, const std::string& document);

}  // namespace arbees::app
