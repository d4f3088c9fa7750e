#include "adapters/venue/bitstamp/feed.h"

#include <gtest/gtest.h>

#include "adapters/venue/spot_feed_rig.h"

namespace arbees::bitstamp {
namespace {

using std::chrono::seconds;
using testing_support::has;

std::string whole_book(int stamp) {
  return R"({"event":"data","channel":"order_book_btcusd","data":{"timestamp":"1","microtimestamp":"179000000000000)" +
         std::to_string(stamp) + R"(","bids":[["90000","1"]],"asks":[["90001","1"]]}})";
}

class BitstampFeed : public testing::Test {
 protected:
  BitstampFeed() {
    rig.server.when_text = [](net::ServerSocket& socket, std::string_view text) {
      if (has(text, "bts:subscribe") && has(text, "order_book_btcusd")) {
        socket.send(R"({"event":"bts:subscription_succeeded","channel":"order_book_btcusd","data":{}})");
        socket.send(whole_book(1));
      }
      if (has(text, "bts:heartbeat")) {
        socket.send(R"({"event":"bts:heartbeat","channel":"","data":{"status":"success"}})");
      }
    };
    rig.start(make_feed(rig.context(), {rig.websocket()}), {"btcusd"});
  }
  bool is_proven() { return rig.is_proven(Venue::Bitstamp, "btcusd"); }

  testing_support::SpotFeedRig rig;
};

TEST_F(BitstampFeed, SubscribesEachChannelAndProvesItsBook) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven() && rig.server.texts.size() == 2; }));
  EXPECT_EQ(rig.server.texts[0], R"({"event":"bts:subscribe","data":{"channel":"order_book_btcusd"}})");
  EXPECT_EQ(rig.server.texts[1], R"({"event":"bts:subscribe","data":{"channel":"live_trades_btcusd"}})");
  EXPECT_EQ(rig.states.back(), FeedState::Live);
}

TEST_F(BitstampFeed, ADamagedBookIsHealedByTheNextMessage) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.server.sockets.back()->send(
      R"({"event":"data","channel":"order_book_btcusd","data":{"microtimestamp":"1790000000000002","bids":[["x","1"]],"asks":[]}})");
  ASSERT_TRUE(rig.run_until([this] { return !is_proven(); }));
  rig.server.sockets.back()->send(whole_book(3));
  EXPECT_TRUE(rig.run_until([this] { return is_proven(); }));
  EXPECT_EQ(rig.server.texts.size(), 2U) << "nothing had to be asked for";
}

TEST_F(BitstampFeed, AQuietVenueGoesStaleAndTheNextBookIsToldWhole) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.skip(seconds(11));
  EXPECT_FALSE(is_proven());
  EXPECT_EQ(rig.states.back(), FeedState::Stale);
  EXPECT_TRUE(rig.run_until([this] { return rig.received("bts:heartbeat") == 1; })) << "and we keep asking";
  rig.server.sockets.back()->send(whole_book(4));
  EXPECT_TRUE(rig.run_until([this] { return is_proven(); }));
  EXPECT_EQ(rig.health().connects, 1U);
}

TEST_F(BitstampFeed, ARequestToReconnectOpensASuccessorFirst) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.server.sockets.back()->send(R"({"event":"bts:request_reconnect","channel":"","data":""})");
  ASSERT_TRUE(rig.run_until([this] { return rig.server.sockets.size() == 2 && !rig.server.sockets[0]->is_open(); }));
  EXPECT_TRUE(is_proven());
  EXPECT_EQ(std::count(rig.states.begin(), rig.states.end(), FeedState::Live), 1);
}

}  // namespace
}  // namespace arbees::bitstamp
