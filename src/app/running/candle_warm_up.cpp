#include "app/running/candle_warm_up.h"

#include <array>

#include "adapters/net/http_client.h"
#include "adapters/venue/binance/candles.h"
#include "adapters/venue/coinbase/candles.h"
#include "app/running/venue_feeds.h"

namespace arbees::app {
namespace {

constexpr int kOk = 200;

std::string symbol_of(Asset asset, Venue venue) {
  return std::string(asset_name(asset)) + (venue == Venue::Binance ? "USDT" : "-USD");
}

std::vector<std::string> targets(Asset asset, Venue venue, Timestamp from, Timestamp to) {
  const std::string symbol = symbol_of(asset, venue);
  const CandleRange range{symbol, from, to};
  return venue == Venue::Binance ? binance::candle_targets(range) : coinbase::candle_targets(range);
}

CandleAnswer read(Venue venue, const std::string& body, Timestamp now) {
  return venue == Venue::Binance ? binance::read_candles(body, now) : coinbase::read_candles(body, now);
}

class HttpTransport final : public WarmUpTransport {
 public:
  HttpTransport(net::IoLoop& loop, const Config& config) {
    for (const Venue venue : {Venue::Binance, Venue::Coinbase}) {
      const VenueConfig& settings = config.venue(venue);
      const auto url = net::parse_url(settings.rest_url);
      if (!settings.enabled || !url) continue;
      net::HttpClientOptions options;
      options.ca_file = settings.ca_file;
      options.max_connections = 1;
      Server& server = servers_[static_cast<std::size_t>(venue)];
      server.client = std::make_unique<net::HttpClient>(loop, *url, options);
      server.address = *url;
    }
  }

  [[nodiscard]] bool has(Venue venue) const override {
    return servers_[static_cast<std::size_t>(venue)].client != nullptr;
  }

  void get(Venue venue, const std::string& target, std::function<void(WarmUpAnswer)> done) override {
    const Server& server = servers_[static_cast<std::size_t>(venue)];
    net::HttpRequest request;
    request.target = net::join(server.address, target).target;
    server.client->send(std::move(request), [done = std::move(done)](net::HttpAnswer answer) {
      done(answer ? WarmUpAnswer{answer->status, std::move(answer->body)} : WarmUpAnswer{0, answer.error().reason});
    });
  }

 private:
  struct Server {
    std::unique_ptr<net::HttpClient> client;
    net::Url address;
  };
  std::array<Server, kVenueCount> servers_;
};

}  // namespace

CandleWarmUp::CandleWarmUp(std::unique_ptr<WarmUpTransport> transport, FeedSink& sink, std::vector<Asset> assets,
                           std::int64_t days, Timestamp now)
    : transport_(std::move(transport)),
      sink_(sink),
      from_(std::chrono::floor<std::chrono::minutes>(now) - std::chrono::hours(24 * days)),
      to_(std::chrono::floor<std::chrono::minutes>(now)) {
  for (const Asset asset : assets) {
    if (transport_->has(Venue::Binance)) {
      ask(asset, Venue::Binance, from_);
    } else if (transport_->has(Venue::Coinbase)) {
      ask(asset, Venue::Coinbase, from_);
    }
  }
}

std::unique_ptr<CandleWarmUp> CandleWarmUp::make(net::IoLoop& loop, const Config& config, FeedSink& sink,
                                                 Timestamp now) {
  return std::make_unique<CandleWarmUp>(std::make_unique<HttpTransport>(loop, config), sink, configured_assets(config),
                                        config.model.volatility_window_days, now);
}

void CandleWarmUp::ask(Asset asset, Venue venue, Timestamp from) {
  for (std::string& target : targets(asset, venue, from, to_)) jobs_.push_back(Job{asset, venue, std::move(target)});
}

void CandleWarmUp::tick(Timestamp now) {
  now_ = now;
  if (is_waiting_ || jobs_.empty()) return;
  is_waiting_ = true;
  const Job& job = jobs_.front();
  if (job.asset != passed_asset_) {
    passed_asset_ = job.asset;
    passed_until_ = kNoTime;
  }
  transport_->get(job.venue, job.target, [this](const WarmUpAnswer& answer) { receive(answer, now_); });
}

void CandleWarmUp::receive(const WarmUpAnswer& answer, Timestamp now) {
  is_waiting_ = false;
  Job& job = jobs_.front();
  if (answer.status == kOk) {
    pass_on(job, answer.body, now);
    jobs_.pop_front();
    return;
  }
  ++failures_;
  if (--job.attempts_left == 0) give_up(now);
}

// A venue that does not answer for an asset is asked no more about it; the other one may know the rest.
void CandleWarmUp::give_up(Timestamp now) {
  const Job failed = jobs_.front();
  while (!jobs_.empty() && jobs_.front().asset == failed.asset) jobs_.pop_front();
  sink_.on_marker(failed.venue, 0, "no candles of " + symbol_of(failed.asset, failed.venue), now);
  if (failed.venue != Venue::Binance || !transport_->has(Venue::Coinbase)) return;
  std::deque<Job> others;
  others.swap(jobs_);
  ask(failed.asset, Venue::Coinbase, std::max(from_, passed_until_));
  jobs_.insert(jobs_.end(), others.begin(), others.end());
}

void CandleWarmUp::pass_on(const Job& job, const std::string& body, Timestamp now) {
  const CandleAnswer answer = read(job.venue, body, now);
  if (!answer) {
    ++failures_;
    return;
  }
  constexpr Duration kMinute = std::chrono::minutes(1);
  for (const Candle& candle : answer->candles) {
    if (candle.opened_at < std::max(from_, passed_until_) || candle.opened_at >= to_) continue;
    passed_until_ = candle.opened_at + kMinute;
    Event event;
    event.received_at = now;
    event.exchange_at = passed_until_;
    SpotCandle minute;
    minute.opened_at = candle.opened_at;
    minute.length = kMinute;
    minute.open = candle.open;
    minute.high = candle.high;
    minute.low = candle.low;
    minute.close = candle.close;
    minute.venue = job.venue;
    minute.asset = job.asset;
    event.body = minute;
    sink_.on_event(event);
    ++candles_;
  }
}

}  // namespace arbees::app
