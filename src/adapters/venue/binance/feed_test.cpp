#include "adapters/venue/binance/feed.h"

#include <gtest/gtest.h>

#include "adapters/venue/binance/decoder.h"
#include "adapters/venue/spot_feed_rig.h"

namespace arbees::binance {
namespace {

using std::chrono::seconds;
using testing_support::has;

std::string update(int first, int last) {
  return R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1790000000000,"s":"BTCUSDT","U":)" +
         std::to_string(first) + R"(,"u":)" + std::to_string(last) + R"(,"b":[["90000","1"]],"a":[["90001","1"]]}})";
}

class BinanceFeed : public testing::Test {
 protected:
  BinanceFeed() {
    rig.server.when_text = [](net::ServerSocket& socket, std::string_view text) {
      if (has(text, R"("SUBSCRIBE")")) socket.send(R"({"result":null,"id":1})");
    };
    rig.server.when_request = [this](const net::ServerRequest&, const net::Responder& responder) {
      ++snapshots;
      responder.send(
          {200,
           "application/json",
           R"({"lastUpdateId":)" + std::to_string(snapshot_id) + R"(,"bids":[["90000","2"]],"asks":[["90001","2"]]})",
           {}});
    };
  }
  void start(std::vector<net::Url> hosts) {
    rig.start(make_feed(rig.loop, rig.context(), {std::move(hosts), rig.rest(), {}, true}), {"BTCUSDT"});
  }
  bool is_proven() { return rig.is_proven(Venue::Binance, "BTCUSDT"); }

  testing_support::SpotFeedRig rig;
  int snapshots = 0;
  int snapshot_id = 100;
};

TEST_F(BinanceFeed, JoinsItsBookToASnapshotAskedForAfterSubscribing) {
  start({rig.websocket()});
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  EXPECT_EQ(snapshots, 1);
  EXPECT_EQ(
      rig.server.texts[0],
      R"({"method":"SUBSCRIBE","params":["btcusdt@bookTicker","btcusdt@trade","btcusdt@depth@100ms","btcusdt@kline_1m","btcusdt@kline_1h"],"id":1})");
  EXPECT_EQ(rig.server.requests[0].target, "/stream");
  EXPECT_EQ(rig.server.requests[1].target, "/api/v3/depth?limit=500&symbol=BTCUSDT");
  rig.server.sockets.back()->send(update(99, 102));
  rig.server.sockets.back()->send(
      R"({"stream":"btcusdt@bookTicker","data":{"u":103,"s":"BTCUSDT","b":"90000","B":"1","a":"90001","A":"1"}})");
  EXPECT_TRUE(rig.run_until([this] { return rig.quotes == 1; }));
  EXPECT_TRUE(is_proven());
}

TEST_F(BinanceFeed, AGapIsHealedByAnotherSnapshot) {
  start({rig.websocket()});
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  snapshot_id = 104;
  rig.server.sockets.back()->send(update(101, 102));
  rig.server.sockets.back()->send(update(104, 105));
  ASSERT_TRUE(rig.run_until([this] { return rig.health().gaps == 1; }));
  EXPECT_TRUE(rig.run_until([this] { return is_proven(); }));
  EXPECT_EQ(snapshots, 2);
  EXPECT_EQ(rig.health().connects, 1U);
}

TEST_F(BinanceFeed, WhatIsRecordedHealsTheSameBookAgain) {
  start({rig.websocket()});
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  snapshot_id = 104;
  rig.server.sockets.back()->send(
      R"({"stream":"ethusdt@bookTicker","data":{"u":103,"s":"ETHUSDT","b":"4000","B":"1","a":"4001","A":"1"}})");
  rig.server.sockets.back()->send(update(101, 102));
  rig.server.sockets.back()->send(update(104, 105));
  ASSERT_TRUE(rig.run_until([this] { return rig.health().gaps == 1 && is_proven(); }));
  Decoder decoder;
  SpotMarket market;
  std::string anomalies;
  for (const std::string& frame : rig.recorded) {
    FrameBuffer buffer;
    DecodedFrame decoded;
    decoder.decode(buffer.assign(frame), from_unix_s(1), decoded);
    for (const Event& event : decoded.events) market.apply(event);
    for (const Anomaly& anomaly : decoded.anomalies) anomalies += std::string(anomaly_name(anomaly.kind)) + " ";
  }
  EXPECT_EQ(anomalies, "sequence_gap ") << "the one that was healed";
  const SpotMarketPair* pair = market.find(instrument_id(Venue::Binance, "BTCUSDT"));
  ASSERT_NE(pair, nullptr);
  EXPECT_EQ(pair->book.status(), BookStatus::Proven);
}

TEST_F(BinanceFeed, ASnapshotTooOldIsAskedForAgain) {
  rig.server.when_text = [](net::ServerSocket& socket, std::string_view text) {
    if (!has(text, R"("SUBSCRIBE")")) return;
    socket.send(update(110, 111));
    socket.send(R"({"result":null,"id":1})");
  };
  start({rig.websocket()});
  ASSERT_TRUE(rig.run_until([this] { return snapshots == 1 && has(rig.anomalies, "sequence_gap"); }));
  EXPECT_FALSE(is_proven());
  snapshot_id = 112;
  for (int i = 0; i < 20 && snapshots < 2; ++i) {
    rig.skip(seconds(1));
    rig.server.sockets.back()->send(update(112 + i, 112 + i));
    rig.step();
  }
  EXPECT_TRUE(rig.run_until([this] { return is_proven(); }));
}

TEST_F(BinanceFeed, AHostThatRefusesUsIsLeftForTheNext) {
  int refused = 0;
  rig.server.when_upgrade = [&](const net::ServerRequest& request) {
    net::ServerHandler::Upgrade upgrade;
    if (has(request.target, "/global")) {
      ++refused;
      upgrade.refusal = {451, "application/json", "{}", {}};
    } else {
      upgrade.handler = std::make_unique<net::testing::TestServer::Peer>(rig.server);
    }
    return upgrade;
  };
  start({rig.websocket("/global"), rig.websocket()});
  EXPECT_TRUE(rig.run_until([this] { return is_proven(); }));
  EXPECT_EQ(refused, 1);
}

TEST_F(BinanceFeed, AnAnnouncedShutdownOpensASuccessorFirst) {
  start({rig.websocket()});
  ASSERT_TRUE(rig.run_until([this] { return is_proven(); }));
  rig.server.sockets.back()->send(R"({"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1770123456789}})");
  ASSERT_TRUE(rig.run_until([this] { return rig.server.sockets.size() == 2 && !rig.server.sockets[0]->is_open(); }));
  EXPECT_TRUE(is_proven());
  EXPECT_EQ(std::count(rig.states.begin(), rig.states.end(), FeedState::Live), 1) << "never anything but live";
}

}  // namespace
}  // namespace arbees::binance
