#pragma once
// Coinbase's live feeds, without a key: the Exchange's public channels, or Advanced Trade's.
//
// Both bring books, best prices, trades and heartbeats of the same order books. Advanced Trade numbers the messages of
// a connection, so that a loss is noticed; the Exchange sends its book in batches of 50 ms and numbers only trades. A
// lost book is unsubscribed and subscribed again, which brings a snapshot. Symbols: "BTC-USD".

#include <memory>
#include <string_view>

#include "adapters/venue/feed.h"
#include "adapters/venue/feed_supervisor.h"

namespace arbees::coinbase {

inline constexpr std::string_view kExchangeUrl = "wss://ws-feed.exchange.coinbase.com";
inline constexpr std::string_view kAdvancedTradeUrl = "wss://advanced-trade-ws.coinbase.com";

enum class Api : std::uint8_t { Exchange, AdvancedTrade };

struct FeedOptions {
  net::Url websocket;
  Api api = Api::AdvancedTrade;
};

// The context outlives the feed.
[[nodiscard]] std::unique_ptr<Feed> make_feed(const FeedContext& context, FeedOptions options);

}  // namespace arbees::coinbase
