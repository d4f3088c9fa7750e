#pragma once
// Gemini's live feed over its Fast API: whole books and their numbered changes, best prices, trades.
//
// A book that was lost comes again only on a new connection. Symbols in upper case: "BTCUSD".

#include <memory>
#include <string_view>

#include "adapters/venue/feed.h"
#include "adapters/venue/feed_supervisor.h"

namespace arbees::gemini {

// The query asks for the whole book as the first frame of each `@depth` stream.
inline constexpr std::string_view kWebSocketUrl = "wss://ws.gemini.com/?snapshot=-1";

struct FeedOptions {
  net::Url websocket;
};

// The context outlives the feed.
[[nodiscard]] std::unique_ptr<Feed> make_feed(const FeedContext& context, FeedOptions options);

}  // namespace arbees::gemini
