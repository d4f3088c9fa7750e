#pragma once
// Binance's live feed: best prices, trades, books joined to REST snapshots, and the candles that settle contracts.
//
// The hosts are tried in order: one that refuses us (HTTP 451 or 403: geography) is left for the next, and only when
// all have refused is the feed unavailable. Binance.US is another venue whose prices settle nothing: `candles` is false
// for it. Symbols: "BTCUSDT".

#include <memory>
#include <string_view>
#include <vector>

#include "adapters/net/http_client.h"
#include "adapters/venue/feed.h"
#include "adapters/venue/feed_supervisor.h"

namespace arbees::binance {

// Market data only, reachable from more places than the main host.
inline constexpr std::string_view kDataWebSocketUrl = "wss://data-stream.binance.vision";
inline constexpr std::string_view kDataRestUrl = "https://data-api.binance.vision";
inline constexpr std::string_view kWebSocketUrl = "wss://stream.binance.com:9443";
inline constexpr std::string_view kRestUrl = "https://api.binance.com";
inline constexpr std::string_view kUsWebSocketUrl = "wss://stream.binance.us:9443";
inline constexpr std::string_view kUsRestUrl = "https://api.binance.us";

struct FeedOptions {
  std::vector<net::Url> websockets;  // one at least; the path "/stream" is added
  net::Url rest;
  net::HttpClientOptions http;  // of the REST host
  bool candles = true;          // one minute and one hour
};

// The loop and the context outlive the feed.
[[nodiscard]] std::unique_ptr<Feed> make_feed(net::IoLoop& loop, const FeedContext& context, FeedOptions options);

}  // namespace arbees::binance
