#pragma once
// Bitstamp's live feed: the best hundred levels of each side, whole with every message, and trades.
//
// Why whole books: docs/venues/bitstamp.md. We send heartbeats; a request to reconnect opens a second connection that
// takes over once it has the books. Symbols: "btcusd".

#include <memory>
#include <string_view>

#include "adapters/venue/feed.h"
#include "adapters/venue/feed_supervisor.h"

namespace arbees::bitstamp {

inline constexpr std::string_view kWebSocketUrl = "wss://ws.bitstamp.net";

struct FeedOptions {
  net::Url websocket;
};

// The context outlives the feed.
[[nodiscard]] std::unique_ptr<Feed> make_feed(const FeedContext& context, FeedOptions options);

}  // namespace arbees::bitstamp
