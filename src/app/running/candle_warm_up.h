#pragma once
// The past that volatility starts with: one-minute candles of each traded asset, asked from spot venues at start.
//
// Never in the way of anything: one question at a time, at most one a tick, while the session runs already. Binance is
// asked first (1,000 minutes an answer), Coinbase where Binance has no answer. Candles go on as events, oldest first
// and each minute once, so that they are on record and replay starts as the session did. What cannot be had is left
// out: the model says by itself whether it knows enough.

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/net/io_loop.h"
#include "adapters/venue/feed.h"
#include "app/config/config.h"

namespace arbees::app {

struct WarmUpAnswer {
  int status = 0;    // HTTP status; 0: no answer came
  std::string body;  // padded like a frame; or why there is no answer
};

// GET behind the REST server of a spot venue; `done` is called once, later, in the same thread.
class WarmUpTransport {
 public:
  virtual ~WarmUpTransport() = default;
  [[nodiscard]] virtual bool has(Venue venue) const = 0;
  virtual void get(Venue venue, const std::string& target, std::function<void(WarmUpAnswer)> done) = 0;
};

class CandleWarmUp {
 public:
  CandleWarmUp(std::unique_ptr<WarmUpTransport> transport, FeedSink& sink, std::vector<Asset> assets, std::int64_t days,
               Timestamp now);
  // Over HTTP, as configured.
  [[nodiscard]] static std::unique_ptr<CandleWarmUp> make(net::IoLoop& loop, const Config& config, FeedSink& sink,
                                                          Timestamp now);

  void tick(Timestamp now);

  [[nodiscard]] bool is_done() const noexcept { return jobs_.empty() && !is_waiting_; }
  [[nodiscard]] std::uint64_t candles() const noexcept { return candles_; }
  [[nodiscard]] std::uint64_t failures() const noexcept { return failures_; }

 private:
  // One question; an asset's questions follow each other.
  struct Job {
    Asset asset = Asset::Unknown;
    Venue venue = Venue::Unknown;
    std::string target;
    int attempts_left = 2;
  };

  void ask(Asset asset, Venue venue, Timestamp from);
  void receive(const WarmUpAnswer& answer, Timestamp now);
  void give_up(Timestamp now);
  void pass_on(const Job& job, const std::string& body, Timestamp now);

  std::unique_ptr<WarmUpTransport> transport_;
  FeedSink& sink_;
  Timestamp from_;
  Timestamp to_;
  std::deque<Job> jobs_;
  Timestamp passed_until_ = kNoTime;  // of the asset that is being asked for
  Asset passed_asset_ = Asset::Unknown;
  Timestamp now_ = kNoTime;
  bool is_waiting_ = false;
  std::uint64_t candles_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace arbees::app
