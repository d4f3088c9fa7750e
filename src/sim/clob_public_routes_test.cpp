#include <gmock/gmock.h>

#include "adapters/venue/polymarket/rtds_decoder.h"
#include "adapters/venue/polymarket/sha1.h"
#include "sim/test_clob_client.h"

namespace arbees::sim {
namespace {

using testing::HasSubstr;

class ClobPublicRoutes : public ClobTest {};

TEST_F(ClobPublicRoutes, ClockAndVersion) {
  start();
  EXPECT_EQ(get("/ok").body, "\"OK\"");
  EXPECT_EQ(get("/version").body, R"({"version":2})");
  const auto seconds = parse_decimal(get("/time").body, 0);
  ASSERT_TRUE(seconds.has_value());
  EXPECT_LE(std::abs(*seconds - unix_ns(net::IoLoop::now()) / 1'000'000'000), 1);
}

TEST_F(ClobPublicRoutes, BookHasItsOwnHashAndTheBestLevelLast) {
  start();
  runs_ = false;
  for (const bool neg_risk : {false, true}) {
    const Market& market = find_market(neg_risk);
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      const ClobAnswer answer = get("/book?token_id=" + token_of(market, outcome));
      ASSERT_EQ(answer.status, 200);
      const std::string hash = answer.text("hash");
      std::string text = answer.body;
      text.erase(text.find(hash), hash.size());
      const polymarket::Sha1Prefix digest(text);
      EXPECT_EQ(polymarket::parse_sha1(hash), digest.with({}));
      const rapidjson::Document book = answer.json();
      const Price yes_bid = world_->best_bid(market.id);
      const Price yes_ask = world_->best_ask(market.id);
      const auto& bids = book["bids"];
      ASSERT_GT(bids.Size(), 1U);
      EXPECT_EQ(Price::parse(bids[bids.Size() - 1]["price"].GetString()),
                outcome == Outcome::Yes ? yes_bid : complement(yes_ask));
      EXPECT_EQ(book["neg_risk"].GetBool(), neg_risk);
      EXPECT_STREQ(book["min_order_size"].GetString(), "5");
    }
  }
}

TEST_F(ClobPublicRoutes, UnknownTokensAndMarketsAreNotFound) {
  start();
  EXPECT_EQ(get("/book?token_id=123").status, 404);
  EXPECT_EQ(get("/book?token_id=123").text("error"), "No orderbook exists for the requested token id");
  EXPECT_EQ(get("/clob-markets/0x12").status, 404);
  EXPECT_EQ(get("/markets-by-token/5").status, 404);
  EXPECT_EQ(get("/nothing").status, 401) << "everything else is private";
}

TEST_F(ClobPublicRoutes, PricesAgreeWithTheBook) {
  start();
  runs_ = false;
  const Market& market = find_market(false);
  const std::string yes = token_of(market, Outcome::Yes);
  const std::string no = token_of(market, Outcome::No);
  const Price bid = world_->best_bid(market.id);
  const Price ask = world_->best_ask(market.id);
  EXPECT_EQ(Price::parse(get("/price?side=BUY&token_id=" + yes).text("price")), bid);
  EXPECT_EQ(Price::parse(get("/price?side=SELL&token_id=" + yes).text("price")), ask);
  EXPECT_EQ(Price::parse(get("/price?side=BUY&token_id=" + no).text("price")), complement(ask));
  EXPECT_EQ(Price::parse(get("/spread?token_id=" + no).text("spread")), ask - bid);
  const std::string both = R"([{"token_id":")" + yes + R"("},{"token_id":")" + no + R"("},{"token_id":"9"}])";
  net::HttpRequest request;
  request.method = "POST";
  request.body = both;
  request.target = "/books";
  EXPECT_EQ(ClobTest::ask(request).json().Size(), 2U);
  request.target = "/midpoints";
  EXPECT_EQ(ClobTest::ask(request).json().MemberCount(), 2U);
}

TEST_F(ClobPublicRoutes, TermsOfAMarketAgreeEverywhere) {
  start();
  for (const bool neg_risk : {false, true}) {
    const Market& market = find_market(neg_risk);
    const std::string yes = token_of(market, Outcome::Yes);
    EXPECT_EQ(get("/tick-size?token_id=" + yes).body, R"({"minimum_tick_size":0.01})");
    EXPECT_EQ(get("/neg-risk?token_id=" + yes).body, neg_risk ? R"({"neg_risk":true})" : R"({"neg_risk":false})");
    EXPECT_EQ(get("/fee-rate?token_id=" + yes).body, R"({"base_fee":1000})");
    const rapidjson::Document info = get("/clob-markets/" + market.condition_id).json();
    EXPECT_STREQ(info["t"][0]["t"].GetString(), yes.c_str());
    EXPECT_STREQ(info["t"][0]["o"].GetString(), market.yes_sub_title.c_str());
    EXPECT_DOUBLE_EQ(info["fd"]["r"].GetDouble(), 0.07);
    EXPECT_EQ(info["nr"].GetBool(), neg_risk);
    EXPECT_TRUE(info["itode"].GetBool());
    EXPECT_EQ(get("/markets-by-token/" + yes).text("condition_id"), market.condition_id);
    EXPECT_EQ(get("/markets/" + market.condition_id).text("market_slug"), market.ticker);
  }
}

TEST_F(ClobPublicRoutes, PagesEndWithTheVenuesCursor) {
  start();
  EXPECT_EQ(get("/simplified-markets?next_cursor=MA==").text("next_cursor"), "LTE=");
  EXPECT_EQ(get("/sampling-markets").text("next_cursor"), "LTE=");
}

TEST_F(ClobPublicRoutes, ReferencePricesReachOurDecoder) {
  start();
  const auto stream = open_stream(
      "/rtds",
      R"({"action":"subscribe","subscriptions":[{"topic":"crypto_prices_twap_sixty","type":"update","filters":"{\"symbol\":\"btc/usd\"}"}]})");
  ASSERT_TRUE(run_until([&] { return stream->frames.size() >= 3; }));
  polymarket::RtdsDecoder decoder;
  FrameBuffer buffer;
  DecodedFrame decoded;
  for (const std::string& frame : stream->frames) decoder.decode(buffer.assign(frame), net::IoLoop::now(), decoded);
  EXPECT_TRUE(decoded.anomalies.empty());
  ASSERT_GE(decoded.events.size(), 3U);
  for (const arbees::Event& event : decoded.events) {
    const auto* print = std::get_if<IndexPrint>(&event.body);
    ASSERT_NE(print, nullptr);
    EXPECT_EQ(print->source, SettlementSource::ChainlinkTwap60);
    EXPECT_EQ(print->asset, Asset::BTC);
    EXPECT_EQ(print->value, world_->index_at(Asset::BTC, SettlementSource::ChainlinkTwap60, print->index_time).value)
        << stream->frames.front();
  }
}

}  // namespace
}  // namespace arbees::sim
