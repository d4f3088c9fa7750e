#pragma once
// Kraken's live feed: books checked by their CRC-32, best prices and trades, over WebSocket v2.
//
// A book whose checksum fails is unsubscribed and subscribed again. Symbols as in the venue's v2: "BTC/USD".

#include <cstddef>
#include <memory>
#include <string_view>

#include "adapters/venue/feed.h"
#include "adapters/venue/feed_supervisor.h"

namespace arbees::kraken {

inline constexpr std::string_view kWebSocketUrl = "wss://ws.kraken.com/v2";

struct FeedOptions {
  net::Url websocket;
  std::size_t depth = 100;  // of the books: 10, 25, 100, 500 or 1000
};

// The context outlives the feed.
[[nodiscard]] std::unique_ptr<Feed> make_feed(const FeedContext& context, FeedOptions options);

}  // namespace arbees::kraken
