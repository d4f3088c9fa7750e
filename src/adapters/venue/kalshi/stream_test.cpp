// What is said on Kalshi's WebSocket, by sessions alone: no sockets, no time.

#include "adapters/venue/kalshi/stream.h"

#include <gmock/gmock.h>

namespace arbees::kalshi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Symbols = std::vector<std::string>;
const Timestamp kNow = from_unix_s(1'800'000'000);

class KalshiStreamTest : public testing::Test {
 protected:
  KalshiStreamTest()
      : credentials{"key-id", PreparedSigner::generate_rsa()},
        books(net::Url{"wss", "kalshi.test", 443, "/trade-api/ws/v2"}, credentials, true),
        session(books.make_session(true)) {}

  // Feeds a frame to the session as the supervisor does; what it wants sent is in `reply`.
  void receive(std::string_view text) {
    reply.clear();
    decoded.clear();
    FrameBuffer buffer;
    const std::string_view frame = buffer.assign(text);
    session->decoder().decode(frame, kNow, decoded);
    session->after_frame(frame, decoded, kNow, reply);
  }
  void subscribed(std::string_view channel, int sid) {
    receive(R"({"id":1,"type":"subscribed","msg":{"channel":")" + std::string(channel) + R"(","sid":)" +
            std::to_string(sid) + "}}");
  }

  Credentials credentials;
  BookProtocol books;
  std::unique_ptr<FeedSession> session;
  SessionReply reply;
  DecodedFrame decoded;
};

TEST_F(KalshiStreamTest, EveryDialIsSignedAfreshOverTheBarePath) {
  const auto dial = books.dial(kNow);
  ASSERT_TRUE(dial);
  ASSERT_EQ(dial->headers.size(), 3U);
  EXPECT_EQ(dial->headers[0], net::Header("KALSHI-ACCESS-KEY", "key-id"));
  EXPECT_EQ(dial->headers[1], net::Header("KALSHI-ACCESS-TIMESTAMP", "1800000000000"));
  const auto key = VerifyingKey::from_pem(credentials.signer.public_key_pem());
  ASSERT_TRUE(key);
  EXPECT_TRUE(key->verify("1800000000000GET/trade-api/ws/v2", dial->headers[2].second));
  const auto later = books.dial(kNow + std::chrono::seconds(1));
  EXPECT_TRUE(key->verify("1800000001000GET/trade-api/ws/v2", later->headers[2].second));
}

TEST_F(KalshiStreamTest, OpensWithEveryChannelItNeeds) {
  session->open(Symbols{"A-1", "B-2"}, kNow, reply);
  EXPECT_THAT(
      reply.frames,
      ElementsAre(
          R"({"id":1,"cmd":"subscribe","params":{"channels":["market_lifecycle_v2"]}})",
          R"({"id":2,"cmd":"subscribe","params":{"channels":["orderbook_delta"],"market_tickers":["A-1","B-2"],"use_yes_price":true}})",
          R"({"id":3,"cmd":"subscribe","params":{"channels":["ticker"],"market_tickers":["A-1","B-2"],"send_initial_snapshot":true}})",
          R"({"id":4,"cmd":"subscribe","params":{"channels":["trade"],"market_tickers":["A-1","B-2"]}})"));
}

TEST_F(KalshiStreamTest, FurtherConnectionsLeaveLifecycleToTheFirst) {
  session = books.make_session(false);
  session->open(Symbols{"A-1"}, kNow, reply);
  EXPECT_THAT(reply.frames, testing::SizeIs(3));
  EXPECT_THAT(reply.frames[0], HasSubstr("orderbook_delta"));
}

TEST_F(KalshiStreamTest, ChangesOfSubscriptionsNameTheirSidOnceItIsKnown) {
  session->open(Symbols{"A-1"}, kNow, reply);
  subscribed("orderbook_delta", 5);
  subscribed("ticker", 6);
  subscribed("trade", 7);
  EXPECT_THAT(reply.frames, IsEmpty());
  session->add(Symbols{"B-2"}, kNow, reply);
  ASSERT_EQ(reply.frames.size(), 3U);
  EXPECT_EQ(
      reply.frames[0],
      R"({"id":5,"cmd":"update_subscription","params":{"sids":[5],"market_tickers":["B-2"],"action":"add_markets"}})");
  reply.clear();
  session->remove(Symbols{"A-1"}, kNow, reply);
  EXPECT_THAT(reply.frames[2], HasSubstr(R"("sids":[7],"market_tickers":["A-1"],"action":"delete_markets")"));
}

TEST_F(KalshiStreamTest, RemovalWaitsForTheSidAndIsForgottenIfWantedAgain) {
  session->open(Symbols{"A-1", "B-2"}, kNow, reply);
  reply.clear();
  session->remove(Symbols{"A-1", "B-2"}, kNow, reply);
  EXPECT_THAT(reply.frames, IsEmpty());
  session->add(Symbols{"B-2"}, kNow, reply);
  subscribed("orderbook_delta", 5);
  ASSERT_EQ(reply.frames.size(), 1U);
  EXPECT_THAT(reply.frames[0], HasSubstr(R"("sids":[5],"market_tickers":["A-1"],"action":"delete_markets")"));
}

TEST_F(KalshiStreamTest, GapAsksForSnapshotsOfThatSubscriptionThenSubscribesAnew) {
  session->open(Symbols{"A-1", "B-2"}, kNow, reply);
  subscribed("orderbook_delta", 5);
  receive(
      R"({"type":"orderbook_snapshot","sid":5,"seq":1,"msg":{"market_ticker":"A-1","yes_dollars_fp":[["0.4000","5.00"]],"no_dollars_fp":[]}})");
  receive(
      R"({"type":"orderbook_delta","sid":5,"seq":3,"msg":{"market_ticker":"A-1","price_dollars":"0.4000","delta_fp":"1.00","side":"yes","ts_ms":1800000000000}})");
  ASSERT_EQ(decoded.anomalies.size(), 1U);
  EXPECT_EQ(decoded.anomalies[0].kind, AnomalyKind::SequenceGap);
  session->resync(Symbols{"A-1"}, 1, kNow, reply);
  ASSERT_EQ(reply.frames.size(), 1U);
  EXPECT_THAT(reply.frames[0], HasSubstr(R"("sids":[5],"market_tickers":["A-1"],"action":"get_snapshot")"));
  reply.clear();
  session->resync(Symbols{"A-1"}, 3, kNow, reply);
  ASSERT_EQ(reply.frames.size(), 2U);
  EXPECT_THAT(reply.frames[0], HasSubstr(R"("cmd":"unsubscribe","params":{"sids":[5]})"));
  EXPECT_THAT(reply.frames[1], HasSubstr(R"("market_tickers":["A-1","B-2"],"use_yes_price":true)"));
}

TEST_F(KalshiStreamTest, TerminalErrorsSubscribeAnewAndAreToldAsTrouble) {
  session->open(Symbols{"A-1"}, kNow, reply);
  subscribed("orderbook_delta", 5);
  receive(R"({"type":"error","sid":5,"msg":{"code":25,"msg":"Subscription buffer overflow"}})");
  EXPECT_THAT(reply.trouble, HasSubstr("25: Subscription buffer overflow"));
  ASSERT_FALSE(reply.frames.empty());
  EXPECT_THAT(reply.frames.back(), HasSubstr(R"("channels":["orderbook_delta"],"market_tickers":["A-1"])"));
  EXPECT_FALSE(reply.must_reconnect);
  receive(R"({"id":9,"type":"error","msg":{"code":9,"msg":"Authentication required"}})");
  EXPECT_TRUE(reply.must_reconnect);
}

TEST_F(KalshiStreamTest, IndicesAreSubscribedByTheirIds) {
  IndexProtocol indices(net::Url{"wss", "kalshi.test", 443, "/trade-api/ws/v2"}, credentials);
  EXPECT_FALSE(indices.tells_status());
  session = indices.make_session(true);
  session->open(Symbols{index_id_of(Asset::BTC), index_id_of(Asset::ETH)}, kNow, reply);
  EXPECT_THAT(
      reply.frames,
      ElementsAre(
          R"({"id":1,"cmd":"subscribe","params":{"channels":["cfbenchmarks_value"],"index_ids":["BRTI","ETHUSD_RTI"]}})"));
  subscribed("cfbenchmarks_value", 3);
  session->add(Symbols{index_id_of(Asset::SOL)}, kNow, reply);
  EXPECT_EQ(
      reply.frames.back(),
      R"({"id":2,"cmd":"update_subscription","params":{"sids":[3],"index_ids":["SOLUSD_RTI"],"action":"subscribe_indices"}})");
}

TEST_F(KalshiStreamTest, MarketsThatAreCreatedOrGetTheirStrikeAreToldForTheCatalog) {
  receive(
      R"({"type":"market_lifecycle_v2","sid":4,"msg":{"event_type":"created","market_ticker":"KXBTC15M-26OCT051245-45","open_ts":1791204300,"close_ts":1791205200}})");
  EXPECT_THAT(reply.markets_heard, ElementsAre("KXBTC15M-26OCT051245-45"));
  receive(
      R"({"type":"market_lifecycle_v2","sid":4,"msg":{"event_type":"metadata_updated","market_ticker":"B-2","floor_strike":84000.5}})");
  EXPECT_THAT(reply.markets_heard, ElementsAre("B-2"));
  receive(
      R"({"type":"market_lifecycle_v2","sid":4,"msg":{"event_type":"settled","market_ticker":"B-2","settled_ts":1791205200}})");
  EXPECT_THAT(reply.markets_heard, IsEmpty());
}

TEST_F(KalshiStreamTest, WhatIsUnknownIsCounted) {
  const auto drift = [this] { return session->decoder().drift(); };
  receive(
      R"({"type":"ticker","sid":6,"sending_ts_ms":1,"msg":{"market_id":"x","market_ticker":"A-1","price_dollars":"0.4800","yes_bid_dollars":"0.4500","yes_ask_dollars":"0.5300","volume_fp":"1.00","ts_ms":1669149841000}})");
  EXPECT_EQ(drift().fields, 0U);
  receive(
      R"({"type":"ticker","sid":6,"surprise":1,"msg":{"market_ticker":"A-1","yes_bid_dollars":"0.4500","yes_ask_dollars":"0.5300","novelty":{"a":1},"news":[1],"gift":"x","nothing":null,"ts_ms":1669149841000}})");
  EXPECT_EQ(drift().fields, 4U);
  EXPECT_EQ(drift().values, 0U);
  receive(R"({"type":"market_lifecycle_v2","sid":8,"seq":1,"msg":{"market_ticker":"A-1","event_type":"teleported"}})");
  EXPECT_EQ(drift().values, 1U);
  receive(
      R"({"type":"market_lifecycle_v2","sid":8,"seq":2,"msg":{"market_ticker":"A-1","event_type":"close_date_updated","close_ts":1800000000}})");
  EXPECT_EQ(drift().values, 1U);
  EXPECT_EQ(drift().fields, 4U);
}

}  // namespace
}  // namespace arbees::kalshi
