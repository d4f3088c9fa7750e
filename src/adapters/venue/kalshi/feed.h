#pragma once
// Kalshi's live feed: books, quotes, trades and lifecycle of markets, and the indices they settle on.
//
// With an API key all of it is streamed (every WebSocket connection is signed), and streamed books are compared with
// signed REST books. Without one, the public books are polled: slow, `is_polled`, and no indices.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/net/http_client.h"
#include "adapters/venue/book_checker.h"
#include "adapters/venue/feed.h"
#include "adapters/venue/feed_supervisor.h"
#include "adapters/venue/kalshi/book_poller.h"
#include "adapters/venue/kalshi/stream.h"

namespace arbees::kalshi {

struct FeedOptions {
  net::Url websocket;             // wss://external-api-ws.kalshi.com/trade-api/ws/v2
  net::Url rest;                  // https://external-api.kalshi.com/trade-api/v2
  net::HttpClientOptions http;    // of the REST host
  std::vector<Asset> references;  // whose settlement index is wanted; needs a key
  Duration equality_every{0};     // least time between two checks of one book against REST
  bool use_yes_price = true;      // how the No side is asked for; the events are the same
};

class KalshiFeed final : public Feed {
 public:
  // `credentials` null: polling; others of the same thread may sign with them too. The loop and what the context names
  // outlive the feed.
  KalshiFeed(net::IoLoop& loop, const FeedContext& context, FeedOptions options,
             std::shared_ptr<Credentials> credentials);
  ~KalshiFeed() override;

  void start() override;
  // Market tickers.
  void subscribe(std::span<const std::string> symbols) override;
  void unsubscribe(std::span<const std::string> symbols) override;
  void tick(Timestamp now) override;
  // Of the books, with the counts of both streams.
  [[nodiscard]] FeedHealth health(Timestamp now) const override;
  // Of the settlement indices alone.
  [[nodiscard]] FeedHealth reference_health(Timestamp now) const;
  void stop() override;

 private:
  struct Streams;

  std::unique_ptr<Streams> streams_;    // with a key
  std::unique_ptr<BookPoller> poller_;  // without
};

}  // namespace arbees::kalshi
