#include "adapters/venue/gemini/feed.h"

#include <gtest/gtest.h>

#include "adapters/venue/spot_feed_rig.h"

namespace arbees::gemini {
namespace {

using std::chrono::seconds;
using testing_support::has;

std::string depth(int first, int last) {
  return R"({"e":"depthUpdate","E":1790000000000000001,"s":"btcusd","U":)" + std::to_string(first) + R"(,"u":)" +
         std::to_string(last) + R"(,"b":[["90000","1"]],"a":[["90001","1"]]})";
}

class GeminiFeed : public testing::Test {
 protected:
  GeminiFeed() {
    rig.server.when_text = [](net::ServerSocket& socket, std::string_view text) {
      if (has(text, "ping")) socket.send(R"({"id":"ping","status":200})");
      if (!has(text, "btcusd@depth")) return;
      socket.send(R"({"id":"1","status":200})");
      socket.send(depth(100, 100));
    };
    rig.start(make_feed(rig.context(), {rig.websocket("/?snapshot=-1")}), {"BTCUSD"});
  }
  bool is_proven() { return rig.is_proven(Venue::Gemini, "BTCUSD"); }

  testing_support::SpotFeedRig rig;
};

TEST_F(GeminiFeed, SubscribesInLowerCaseAndProvesItsBook) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  EXPECT_EQ(rig.server.texts[0],
            R"({"id":"1","method":"subscribe","params":["btcusd@depth","btcusd@trade","btcusd@bookTicker"]})");
  EXPECT_EQ(rig.server.requests[0].target, "/?snapshot=-1");
  rig.server.sockets.back()->send(depth(101, 105));
  const std::uint64_t before = rig.health().frames;
  EXPECT_TRUE(rig.run_until([&] { return rig.health().frames > before; }));
  EXPECT_TRUE(is_proven());
}

TEST_F(GeminiFeed, AGapBringsANewConnection) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.server.sockets.back()->send(depth(102, 102));
  ASSERT_TRUE(rig.run_until([this] { return rig.health().gaps == 1; }));
  EXPECT_TRUE(rig.run_until([this] { return rig.health().connects == 2 && is_proven(); }));
}

TEST_F(GeminiFeed, PingsAreSentAndSilenceEndsTheConnection) {
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.skip(seconds(6));
  ASSERT_TRUE(rig.run_until([this] { return rig.received(R"("method":"ping")") == 1; }));
  rig.skip(seconds(16));
  EXPECT_FALSE(is_proven());
  EXPECT_TRUE(rig.run_until([this] { return rig.health().connects == 2 && is_proven(); }));
}

TEST(GeminiFeedRefusals, AnUnknownSymbolDoesNotDisturbTheOthers) {
  testing_support::SpotFeedRig rig;
  rig.server.when_text = [](net::ServerSocket& socket, std::string_view text) {
    if (has(text, "btcusd@depth")) socket.send(depth(100, 100));
    if (has(text, "foousd@depth")) {
      socket.send(R"({"id":"1","status":400,"error":{"code":-1121,"msg":"Invalid symbol foousd"}})");
    }
  };
  rig.start(make_feed(rig.context(), {rig.websocket()}), {"BTCUSD", "FOOUSD"});
  ASSERT_TRUE(rig.run_until([&rig] { return rig.is_proven(Venue::Gemini, "BTCUSD"); }));
  EXPECT_TRUE(rig.run_until([&rig] { return has(rig.health().last_trouble, "foousd"); }));
  for (int i = 0; i < 5; ++i) {
    rig.server.sockets.back()->send(depth(101 + i, 101 + i));
    rig.skip(seconds(2));
    rig.step();
  }
  EXPECT_EQ(rig.health().connects, 1U);
  EXPECT_TRUE(rig.is_proven(Venue::Gemini, "BTCUSD"));
}

}  // namespace
}  // namespace arbees::gemini
