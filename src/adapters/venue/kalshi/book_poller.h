#pragma once
// Kalshi's public order books by REST, for who has no API key: slow, and never to be traded on.
//
// Each book is asked for in turn, as the rate allows; every answer is a whole snapshot. Without authentication the
// venue's answers may come from a cache and be 15 s old (docs/venues/kalshi.md). A book that was not refreshed in time
// is told as faulted; the state follows the same rules as that of a stream (feed_supervisor.h).

#include <map>
#include <span>
#include <string>

#include "adapters/net/http_client.h"
#include "adapters/net/rate_limiter.h"
#include "adapters/venue/clock_skew.h"
#include "adapters/venue/feed.h"
#include "adapters/venue/kalshi/decoder.h"

namespace arbees::kalshi {

class BookPoller final : public Feed {
 public:
  static constexpr Duration kInterval = std::chrono::seconds(3);       // of one book, at best
  static constexpr Duration kFreshFor = std::chrono::seconds(30);      // then a book is faulted
  static constexpr Duration kRefusedPause = std::chrono::seconds(60);  // after 401, 403, 404
  static constexpr Duration kThrottledPause = std::chrono::seconds(5);

  // `rest` is the API's base ("…/trade-api/v2").
  BookPoller(net::IoLoop& loop, const net::Url& rest, const net::HttpClientOptions& http, FeedSink& sink);

  void start() override { is_started_ = true; }
  void subscribe(std::span<const std::string> symbols) override;
  void unsubscribe(std::span<const std::string> symbols) override;
  void tick(Timestamp now) override;
  [[nodiscard]] FeedHealth health(Timestamp now) const override;
  void stop() override;

 private:
  struct Polled {
    Timestamp next_at = kNoTime;
    Timestamp refreshed_at = kNoTime;
    bool is_asked = false;
    bool is_proven = false;
  };

  void ask(const std::string& ticker);
  void on_answer(const std::string& ticker, const net::HttpAnswer& answer);
  void on_book(const std::string& ticker, Polled& polled, const net::HttpResponse& response);
  void on_refusal(const std::string& ticker, Polled& polled, int status);
  void fault(const std::string& ticker, Polled& polled);
  void update_state(FeedState state);

  net::HttpClient client_;
  net::RateLimiter rate_;
  FeedSink& sink_;
  Decoder decoder_;
  DecodedFrame decoded_;
  std::map<std::string, Polled> books_;
  std::string last_asked_;  // the turn goes on behind it
  Timestamp now_ = kNoTime;
  Timestamp paused_until_ = kNoTime;
  FeedHealth health_;
  ClockSkew clock_;
  bool is_started_ = false;
  bool is_state_told_ = false;
};

}  // namespace arbees::kalshi
