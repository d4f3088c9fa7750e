#include "adapters/venue/kraken/feed.h"

#include <gtest/gtest.h>

#include "adapters/venue/spot_feed_rig.h"

namespace arbees::kraken {
namespace {

using std::chrono::seconds;
using testing_support::has;

// The example of the vendor's checksum page.
constexpr std::string_view kSnapshot =
    R"({"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":0.10000000},)"
    R"({"price":45283.4,"qty":1.54582015},{"price":45282.1,"qty":0.10000000},{"price":45281.0,"qty":0.10000000},)"
    R"({"price":45280.3,"qty":1.54592586},{"price":45279.0,"qty":0.07990000},{"price":45277.6,"qty":0.03310103},)"
    R"({"price":45277.5,"qty":0.30000000},{"price":45277.3,"qty":1.54602737},{"price":45276.6,"qty":0.15445238}],)"
    R"("asks":[{"price":45285.2,"qty":0.00100000},{"price":45286.4,"qty":1.54571953},{"price":45286.6,"qty":1.54571109},)"
    R"({"price":45289.6,"qty":1.54560911},{"price":45290.2,"qty":0.15890660},{"price":45291.8,"qty":1.54553491},)"
    R"({"price":45294.7,"qty":0.04454749},{"price":45296.1,"qty":0.35380000},{"price":45297.5,"qty":0.09945542},)"
    R"({"price":45299.5,"qty":0.18772827}],"checksum":3310070434,"timestamp":"2023-10-06T17:35:55.440295Z"}]})";
constexpr std::string_view kAskUpdateWithoutTheBidUpdateBefore =
    R"({"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[],"asks":[{"price":45284.0,"qty":0.25000000}],)"
    R"("checksum":1864815107,"timestamp":"2023-10-06T17:35:57.440295Z"}]})";

class KrakenFeed : public testing::Test {
 protected:
  KrakenFeed() {
    rig.server.when_text = [](net::ServerSocket& socket, std::string_view text) {
      if (!has(text, R"("method":"subscribe")") || !has(text, R"("channel":"book")")) return;
      socket.send(
          R"({"method":"subscribe","result":{"channel":"book","symbol":"BTC/USD","depth":10,"snapshot":true},"success":true})");
      socket.send(kSnapshot);
    };
    rig.start(make_feed(rig.context(), {rig.websocket(), 10}), {"BTC/USD"});
  }
  bool is_proven() { return rig.is_proven(Venue::Kraken, "BTC/USD"); }

  testing_support::SpotFeedRig rig;
};

TEST_F(KrakenFeed, SubscribesAndProvesItsBook) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  EXPECT_EQ(rig.states.back(), FeedState::Live);
  EXPECT_EQ(rig.received(R"("channel":"instrument")"), 1);
  EXPECT_EQ(rig.received(R"("depth":10)"), 1);
  EXPECT_EQ(rig.received(R"("event_trigger":"bbo")"), 1);
  rig.server.sockets.back()->send(
      R"({"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy","price":45284.0,"qty":0.1,"ord_type":"limit","trade_id":7,"timestamp":"2023-10-06T17:35:55.440295Z"}]})");
  EXPECT_TRUE(rig.run_until([this] { return rig.trades == 1; }));
}

TEST_F(KrakenFeed, AChecksumThatFailsIsHealedByANewSnapshot) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.server.sockets.back()->send(kAskUpdateWithoutTheBidUpdateBefore);
  ASSERT_TRUE(rig.run_until([this] { return rig.health().gaps == 1; }));
  EXPECT_TRUE(rig.run_until([this] { return is_proven(); }));
  EXPECT_EQ(rig.received(R"("method":"unsubscribe")"), 1);
  EXPECT_EQ(rig.health().resyncs, 1U);
  EXPECT_EQ(rig.health().connects, 1U) << "on the same connection";
}

TEST_F(KrakenFeed, SilenceIsNotBelieved) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.skip(seconds(6));
  EXPECT_FALSE(is_proven());
  EXPECT_NE(rig.states.back(), FeedState::Live);
  ASSERT_TRUE(rig.run_until([this] { return rig.health().connects == 2 && is_proven(); }));
  EXPECT_EQ(rig.states.back(), FeedState::Live);
}

TEST_F(KrakenFeed, HeartbeatsWithoutPricesGoStale) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  for (int second = 0; second < 11; ++second) {
    const std::uint64_t before = rig.health().frames;
    rig.server.sockets.back()->send(R"({"channel":"heartbeat"})");
    ASSERT_TRUE(rig.run_until([&] { return rig.health().frames > before; }));
    rig.skip(seconds(1));
  }
  EXPECT_NE(std::find(rig.states.begin(), rig.states.end(), FeedState::Stale), rig.states.end());
}

TEST_F(KrakenFeed, ALostConnectionIsReplaced) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.server.sockets.back()->drop();
  ASSERT_TRUE(rig.run_until([this] { return !is_proven(); }));
  EXPECT_TRUE(rig.run_until([this] { return is_proven(); }));
  EXPECT_EQ(rig.health().disconnects, 1U);
}

TEST_F(KrakenFeed, RefusalsAreTrouble) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.server.sockets.back()->send(
      R"({"method":"subscribe","success":false,"error":"Currency pair not supported FOO/USD","symbol":"FOO/USD"})");
  EXPECT_TRUE(rig.run_until([this] { return has(rig.health().last_trouble, "FOO/USD"); }));
}

}  // namespace
}  // namespace arbees::kraken
