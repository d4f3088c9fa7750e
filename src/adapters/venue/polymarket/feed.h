#pragma once
// Polymarket's live feed: books, trades and quotes of outcome tokens, and the Chainlink prices they settle on.
//
// No key is needed. Books are streamed over as many connections as the tokens need, proven change by change by the
// venue's hash, and compared with REST books; the reference prices have connections of their own, whose health is told
// apart, since a market without a reference can still be traded against another market.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/net/http_client.h"
#include "adapters/venue/feed.h"
#include "adapters/venue/feed_supervisor.h"
#include "adapters/venue/polymarket/stream.h"

namespace arbees::polymarket {

struct FeedOptions {
  net::Url websocket;             // wss://ws-subscriptions-clob.polymarket.com/ws/market
  net::Url rest;                  // https://clob.polymarket.com
  net::Url prices;                // wss://ws-live-data.polymarket.com
  net::HttpClientOptions http;    // of the REST host
  std::vector<Asset> references;  // whose Chainlink prices are wanted; none: no connection to `prices`
  Duration equality_every{0};     // least time between two checks of one book against REST
};

class PolymarketFeed final : public Feed {
 public:
  // The loop and what the context names outlive the feed.
  PolymarketFeed(net::IoLoop& loop, const FeedContext& context, const FeedOptions& options);
  ~PolymarketFeed() override;

  void start() override;
  // Token ids, in decimal.
  void subscribe(std::span<const std::string> symbols) override;
  void unsubscribe(std::span<const std::string> symbols) override;
  void tick(Timestamp now) override;
  // Of the books, with the counts of all streams.
  [[nodiscard]] FeedHealth health(Timestamp now) const override;
  // Of the 60-second TWAP stream, which the short windows settle on.
  [[nodiscard]] FeedHealth reference_health(Timestamp now) const;
  void stop() override;

 private:
  struct Streams;

  std::unique_ptr<Streams> streams_;
};

}  // namespace arbees::polymarket
