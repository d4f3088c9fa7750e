#pragma once
// For the tests of spot feeds: a real socket between a feed and a scripted server, and what the feed's user sees.
//
// Time is the system's plus what a test skips; nothing sleeps for longer than a socket needs.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/net/net_test_support.h"
#include "adapters/venue/feed.h"
#include "adapters/venue/feed_supervisor.h"
#include "core/market/spot_market.h"

namespace arbees::testing_support {

struct SpotFeedRig : FeedSink {
  void on_event(const Event& event) override {
    market.apply(event);
    ++events;
    if (const auto* status = std::get_if<FeedStatus>(&event.body)) states.push_back(status->state);
    if (std::holds_alternative<SpotTrade>(event.body)) ++trades;
    if (std::holds_alternative<SpotQuote>(event.body)) ++quotes;
  }
  void on_anomaly(Venue, const Anomaly& anomaly, Timestamp) override {
    anomalies += std::string(anomaly_name(anomaly.kind)) + " ";
  }
  void on_raw(Venue, std::uint32_t, std::string_view frame, Timestamp) override { recorded.emplace_back(frame); }

  [[nodiscard]] FeedContext context() { return {sockets, *this, connections, 1}; }
  [[nodiscard]] net::Url websocket(std::string_view target = "/") const {
    return net::testing::url_of("ws", server.port(), target);
  }
  [[nodiscard]] net::Url rest() const { return net::testing::url_of("http", server.port()); }

  void start(std::unique_ptr<Feed> made, const std::vector<std::string>& symbols) {
    feed = std::move(made);
    feed->start();
    feed->subscribe(symbols);
  }
  [[nodiscard]] Timestamp now() const { return net::IoLoop::now() + skipped; }
  void step() {
    loop.run_for(std::chrono::milliseconds(2));
    feed->tick(now());
  }
  // False if it never came.
  [[nodiscard]] bool run_until(const std::function<bool()>& done) {
    const Timestamp end = net::IoLoop::now() + net::testing::kPatience;
    while (!done()) {
      if (net::IoLoop::now() > end) return false;
      step();
    }
    return true;
  }
  void skip(Duration time) {
    skipped += time;
    feed->tick(now());
  }
  [[nodiscard]] FeedHealth health() const { return feed->health(now()); }
  [[nodiscard]] BookStatus book(Venue venue, std::string_view symbol) const {
    const SpotMarketPair* pair = market.find(instrument_id(venue, symbol));
    return pair == nullptr ? BookStatus::Unproven : pair->book.status();
  }
  [[nodiscard]] bool is_proven(Venue venue, std::string_view symbol) const {
    return book(venue, symbol) == BookStatus::Proven;
  }
  // How many of the frames that the server got have this in them.
  [[nodiscard]] std::int64_t received(std::string_view part) const {
    return std::count_if(server.texts.begin(), server.texts.end(),
                         [part](const std::string& text) { return text.find(part) != std::string::npos; });
  }

  net::IoLoop loop;
  net::testing::TestServer server{loop};
  NetSocketMaker sockets{loop, {}};
  ConnectionCounter connections;
  SpotMarket market;
  std::vector<FeedState> states;
  std::string anomalies;
  std::vector<std::string> recorded;
  int events = 0;
  int trades = 0;
  int quotes = 0;
  Duration skipped{};
  std::unique_ptr<Feed> feed;  // last: goes first
};

inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace arbees::testing_support
