#include "adapters/venue/coinbase/feed.h"

#include <gtest/gtest.h>

#include "adapters/venue/spot_feed_rig.h"

namespace arbees::coinbase {
namespace {

using std::chrono::seconds;
using testing_support::has;

std::string level2(int sequence, std::string_view type, std::string_view updates) {
  return R"({"channel":"l2_data","timestamp":"2026-11-22T10:00:00Z","sequence_num":)" + std::to_string(sequence) +
         R"(,"events":[{"type":")" + std::string(type) + R"(","product_id":"BTC-USD","updates":[)" +
         std::string(updates) + "]}]}";
}
constexpr std::string_view kBid = R"({"side":"bid","price_level":"68900.00","new_quantity":"1.5"})";
constexpr std::string_view kOffer = R"({"side":"offer","price_level":"68901.00","new_quantity":"0.5"})";

class AdvancedTradeFeed : public testing::Test {
 protected:
  AdvancedTradeFeed() {
    rig.server.when_open = [this](net::ServerSocket&) { sequence = 0; };
    rig.server.when_text = [this](net::ServerSocket& socket, std::string_view text) {
      if (!has(text, R"("type":"subscribe")") || !has(text, R"("channel":"level2")")) return;
      socket.send(level2(sequence++, "snapshot", std::string(kBid) + "," + std::string(kOffer)));
    };
    rig.start(make_feed(rig.context(), {rig.websocket(), Api::AdvancedTrade}), {"BTC-USD"});
  }
  bool is_proven() { return rig.is_proven(Venue::Coinbase, "BTC-USD"); }

  testing_support::SpotFeedRig rig;
  int sequence = 0;
};

TEST_F(AdvancedTradeFeed, SubscribesOneChannelAFrame) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven() && rig.server.texts.size() >= 4; }));
  EXPECT_EQ(rig.server.texts[0], R"({"type":"subscribe","channel":"heartbeats"})");
  EXPECT_EQ(rig.server.texts[1], R"({"type":"subscribe","product_ids":["BTC-USD"],"channel":"level2"})");
  EXPECT_EQ(rig.states.back(), FeedState::Live);
}

TEST_F(AdvancedTradeFeed, AMissingNumberBringsANewSnapshot) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  ++sequence;
  rig.server.sockets.back()->send(level2(sequence++, "update", kBid));
  ASSERT_TRUE(rig.run_until([this] { return rig.health().gaps == 1; }));
  EXPECT_TRUE(rig.run_until([this] { return is_proven(); }));
  EXPECT_EQ(rig.received(R"({"type":"unsubscribe","product_ids":["BTC-USD"],"channel":"level2"})"), 1);
  EXPECT_EQ(rig.health().resyncs, 1U);
}

TEST_F(AdvancedTradeFeed, WithoutHeartbeatsTheConnectionIsGivenUp) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.skip(seconds(6));
  EXPECT_FALSE(is_proven());
  EXPECT_TRUE(rig.run_until([this] { return rig.health().connects == 2 && is_proven(); }));
}

TEST(ExchangeFeed, SubscribesAllChannelsInOneFrameAndHealsItsBook) {
  testing_support::SpotFeedRig rig;
  rig.server.when_text = [](net::ServerSocket& socket, std::string_view text) {
    if (!has(text, R"("type":"subscribe")") || !has(text, "level2_batch")) return;
    socket.send(
        R"({"type":"snapshot","product_id":"BTC-USD","asks":[["68901.00","0.5"]],"bids":[["68900.00","1.5"]]})");
  };
  rig.start(make_feed(rig.context(), {rig.websocket(), Api::Exchange}), {"BTC-USD"});
  const auto is_proven = [&rig] { return rig.is_proven(Venue::Coinbase, "BTC-USD"); };
  ASSERT_TRUE(rig.run_until(is_proven));
  EXPECT_EQ(
      rig.server.texts[0],
      R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker","matches","heartbeat","level2_batch"]})");
  rig.server.sockets.back()->send(R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","x","1"]]})");
  ASSERT_TRUE(rig.run_until([&rig] { return rig.health().malformed == 1; }));
  EXPECT_TRUE(rig.run_until(is_proven));
  EXPECT_EQ(rig.health().resyncs, 1U);
  rig.server.sockets.back()->send(
      R"({"type":"error","message":"Failed to subscribe","reason":"FOO-USD is not valid"})");
  EXPECT_TRUE(rig.run_until([&rig] { return has(rig.health().last_trouble, "FOO-USD"); }));
}

}  // namespace
}  // namespace arbees::coinbase
