// What is said on Polymarket's market channel and price streams, by sessions alone.

#include "adapters/venue/polymarket/stream.h"

#include <gmock/gmock.h>

#include <variant>

namespace arbees::polymarket {
namespace {

using testing::ElementsAre;

using Symbols = std::vector<std::string>;
const Timestamp kNow = from_unix_s(1'800'000'000);

DecodedFrame decode(FeedSession& session, std::string_view text) {
  DecodedFrame decoded;
  FrameBuffer buffer;
  session.decoder().decode(buffer.assign(text), kNow, decoded);
  return decoded;
}

TEST(PolymarketStream, SubscribesAllAtOnceAndChangesByOperation) {
  MarketProtocol protocol(net::Url{"wss", "polymarket.test", 443, "/ws/market"});
  EXPECT_EQ(protocol.ping_text(), "PING");
  EXPECT_LE(protocol.limits().max_symbols, 200U);
  const auto session = protocol.make_session(true);
  SessionReply reply;
  session->open(Symbols{"11", "22"}, kNow, reply);
  session->add(Symbols{"33"}, kNow, reply);
  session->remove(Symbols{"11"}, kNow, reply);
  EXPECT_THAT(
      reply.frames,
      ElementsAre(R"({"assets_ids":["11","22"],"type":"market","initial_dump":true,"custom_feature_enabled":true})",
                  R"({"operation":"subscribe","assets_ids":["33"],"custom_feature_enabled":true})",
                  R"({"operation":"unsubscribe","assets_ids":["11"]})"));
}

TEST(PolymarketStream, LostBookIsSubscribedAnewThenAlsoFetchedByRest) {
  MarketProtocol protocol(net::Url{});
  const auto session = protocol.make_session(true);
  SessionReply reply;
  session->resync(Symbols{"11"}, 1, kNow, reply);
  EXPECT_THAT(reply.frames,
              ElementsAre(R"({"operation":"unsubscribe","assets_ids":["11"]})",
                          R"({"operation":"subscribe","assets_ids":["11"],"custom_feature_enabled":true})"));
  EXPECT_TRUE(reply.snapshots.empty());
  session->resync(Symbols{"11"}, 2, kNow, reply);
  ASSERT_EQ(reply.snapshots.size(), 1U);
  EXPECT_EQ(reply.snapshots[0].target, "/book?token_id=11");
}

TEST(PolymarketStream, BookByRestProvesWhatTheStreamLost) {
  MarketProtocol protocol(net::Url{});
  const auto session = protocol.make_session(true);
  DecodedFrame decoded;
  FrameBuffer body;
  session->on_snapshot(
      "11",
      body.assign(
          R"({"market":"0x1","asset_id":"11","timestamp":"1791241810525","hash":"","bids":[{"price":"0.40","size":"5"}],"asks":[],"min_order_size":"5","tick_size":"0.01","neg_risk":false,"last_trade_price":""})"),
      kNow, decoded);
  ASSERT_FALSE(decoded.events.empty());
  const auto* last = std::get_if<BookUpdate>(&decoded.events.back().body);
  ASSERT_NE(last, nullptr);
  EXPECT_TRUE(last->is_snapshot() && last->is_last());
}

TEST(PolymarketStream, NewMarketsAreToldByTheirSlugs) {
  MarketProtocol protocol(net::Url{});
  const auto session = protocol.make_session(true);
  FrameBuffer buffer;
  const std::string_view frame = buffer.assign(
      R"({"id":"1","market":"0x1","slug":"bitcoin-above-84k-on-october-5-2026","assets_ids":["11","22"],"outcomes":["Yes","No"],"event_message":{"id":"2","slug":"bitcoin-above-on-october-5-2026"},"timestamp":"1791241810525","event_type":"new_market"})");
  DecodedFrame decoded;
  session->decoder().decode(frame, kNow, decoded);
  SessionReply reply;
  session->after_frame(frame, decoded, kNow, reply);
  EXPECT_THAT(reply.markets_heard,
              ElementsAre("bitcoin-above-84k-on-october-5-2026", "bitcoin-above-on-october-5-2026"));
}

TEST(PolymarketStream, PongIsAHeartbeat) {
  MarketProtocol protocol(net::Url{});
  const auto session = protocol.make_session(true);
  EXPECT_TRUE(session->is_heartbeat("PONG", decode(*session, "PONG")));
}

TEST(PolymarketStream, PriceTopicsFilterWithoutASpace) {
  RtdsProtocol twap(net::Url{}, PriceTopic::ChainlinkTwap60);
  RtdsProtocol spot(net::Url{}, PriceTopic::ChainlinkSpot);
  SessionReply reply;
  twap.make_session(true)->open(Symbols{rtds_symbol(Asset::BTC)}, kNow, reply);
  spot.make_session(true)->open(Symbols{rtds_symbol(Asset::ETH)}, kNow, reply);
  EXPECT_THAT(
      reply.frames,
      ElementsAre(
          R"({"action":"subscribe","subscriptions":[{"topic":"crypto_prices_twap_sixty","type":"*","filters":"{\"symbol\":\"btc/usd\"}"}]})",
          R"({"action":"subscribe","subscriptions":[{"topic":"crypto_prices_chainlink","type":"update","filters":"{\"symbol\":\"eth/usd\"}"}]})"));
}

TEST(PolymarketStream, HistoryOfUnknownStreamIsLeftOutOfTheTwap) {
  RtdsProtocol twap(net::Url{}, PriceTopic::ChainlinkTwap60);
  RtdsProtocol spot(net::Url{}, PriceTopic::ChainlinkSpot);
  const auto twap_session = twap.make_session(true);
  const auto spot_session = spot.make_session(true);
  constexpr std::string_view kHistory =
      R"({"topic":"crypto_prices","type":"subscribe","timestamp":1780726213178,"payload":{"symbol":"btc/usd","data":[{"timestamp":1780726209000,"value":61164.12}]}})";
  EXPECT_TRUE(decode(*twap_session, kHistory).events.empty());
  EXPECT_EQ(decode(*spot_session, kHistory).events.size(), 1U);
  constexpr std::string_view kTick =
      R"({"connection_id":"g","payload":{"full_accuracy_value":"63086406212239293939712","symbol":"btc/usd","timestamp":1786771253000,"value":63086.40621223929,"window_s":60},"timestamp":1786771254918,"topic":"crypto_prices_twap_sixty","type":"update"})";
  ASSERT_EQ(decode(*twap_session, kTick).events.size(), 1U);
  EXPECT_EQ(twap_session->decoder().drift().fields, 0U);
}

TEST(PolymarketStream, WhatIsUnknownIsCounted) {
  MarketProtocol protocol(net::Url{});
  const auto session = protocol.make_session(true);
  decode(
      *session,
      R"({"market":"0x1","asset_id":"11","timestamp":"1791241810525","hash":"x","bids":[],"asks":[],"tick_size":"0.01","event_type":"book","last_trade_price":"","novelty":{"a":1},"gift":2,"version":"v9"})");
  EXPECT_EQ(session->decoder().drift().fields, 2U);
}

}  // namespace
}  // namespace arbees::polymarket
