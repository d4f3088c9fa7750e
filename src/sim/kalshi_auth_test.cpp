// Who may ask what: signatures over real sockets, of both kinds of keys.

#include "sim/test_kalshi_rig.h"

namespace arbees::sim {
namespace {

using Key = KalshiRig::Key;
using std::chrono::seconds;

constexpr std::string_view kBalance = "/portfolio/balance";
constexpr std::string_view kSignedBalance = "/trade-api/v2/portfolio/balance";

std::vector<net::Header> without(std::vector<net::Header> headers, std::string_view name) {
  std::erase_if(headers, [&](const net::Header& header) { return header.first == name; });
  return headers;
}

TEST(KalshiAuth, BothKeysOfTheAccountSign) {
  KalshiRig rig;
  for (const Key key : {Key::Rsa, Key::Ed25519}) {
    const KalshiAnswer answer = rig.call("GET", kBalance, {}, key);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.at("balance_dollars"), "10000.0000");
    EXPECT_EQ(answer.at("balance"), "1000000");
    EXPECT_EQ(answer.at("balance_breakdown/1/exchange_index"), "2");
    EXPECT_EQ(answer.at("balance_breakdown/1/balance"), "10000.0000");
  }
}

TEST(KalshiAuth, TheQueryIsNeverSigned) {
  KalshiRig rig;
  for (const Key key : {Key::Rsa, Key::Ed25519}) {
    EXPECT_EQ(rig.call("GET", "/portfolio/orders?limit=5", {}, key).status, 200);
    const auto headers = rig.sign("GET", "/trade-api/v2/portfolio/orders?limit=5", key);
    const KalshiAnswer answer = rig.call_with("GET", "/portfolio/orders?limit=5", headers);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.at("error/details"), "INCORRECT_API_KEY_SIGNATURE");
  }
}

TEST(KalshiAuth, RefusesWhatIsNotSignedRight) {
  KalshiRig rig;
  const auto good = rig.sign("GET", kSignedBalance, Key::Rsa);
  EXPECT_EQ(rig.call_with("GET", kBalance, {}).status, 401);
  EXPECT_EQ(rig.call_with("GET", kBalance, without(good, "KALSHI-ACCESS-SIGNATURE")).at("error/code"),
            "signature_is_missing_from_headers");
  EXPECT_EQ(rig.call_with("GET", kBalance, without(good, "KALSHI-ACCESS-TIMESTAMP")).status, 401);
  EXPECT_EQ(rig.call_with("GET", kBalance, without(good, "KALSHI-ACCESS-KEY")).status, 401);
  EXPECT_EQ(rig.call_with("GET", kBalance, rig.sign("POST", kSignedBalance, Key::Rsa)).status, 401);
  EXPECT_EQ(rig.call_with("GET", kBalance, rig.sign("GET", kBalance, Key::Ed25519)).status, 401);

  auto other_key = good;
  other_key[0].second = KalshiRig::keys().ed25519_key_id;
  EXPECT_EQ(rig.call_with("GET", kBalance, other_key).at("error/details"), "INCORRECT_API_KEY_SIGNATURE");
  other_key[0].second = "00000000-0000-4000-8000-000000000000";
  EXPECT_EQ(rig.call_with("GET", kBalance, other_key).at("error/details"), "NOT_FOUND");
  auto no_number = good;
  no_number[1].second = "now";
  EXPECT_EQ(rig.call_with("GET", kBalance, no_number).status, 401);
}

TEST(KalshiAuth, SignaturesLiveForAMinute) {
  KalshiRig rig;
  for (const Key key : {Key::Rsa, Key::Ed25519}) {
    EXPECT_EQ(rig.call_with("GET", kBalance, rig.sign("GET", kSignedBalance, key, seconds(45))).status, 200);
    for (const Duration age : {Duration(seconds(61)), Duration(seconds(-120))}) {
      const KalshiAnswer late = rig.call_with("GET", kBalance, rig.sign("GET", kSignedBalance, key, age));
      EXPECT_EQ(late.status, 401);
      EXPECT_EQ(late.at("error/code"), "header_timestamp_expired");
      EXPECT_EQ(late.at("error/message"), "header timestamp expired");
    }
  }
}

TEST(KalshiAuth, MarketDataNeedsNoKey) {
  KalshiRig rig;
  const std::string ticker = rig.liquid_market().ticker;
  for (const std::string& target :
       {std::string("/exchange/status"), std::string("/exchange/schedule"), std::string("/markets"),
        "/markets/" + ticker, "/markets/" + ticker + "/orderbook", "/markets/orderbooks?tickers=" + ticker,
        std::string("/markets/trades"), std::string("/events"), std::string("/series"),
        std::string("/account/endpoint_costs")}) {
    EXPECT_EQ(rig.call_with("GET", target, {}).status, 200) << target;
  }
  EXPECT_EQ(rig.call_with("GET", "/portfolio/orders", {}).status, 401);
  EXPECT_EQ(rig.call_with("POST", "/portfolio/events/orders", {}, "{}").status, 401);
}

TEST(KalshiAuth, EveryWebSocketIsSigned) {
  KalshiRig rig;
  const auto unsigned_stream = rig.connect({});
  EXPECT_FALSE(unsigned_stream->is_open);
  ASSERT_TRUE(unsigned_stream->closed);
  EXPECT_EQ(unsigned_stream->closed->http_status, 401);
  const auto stale = rig.connect(rig.sign("GET", "/trade-api/ws/v2", Key::Ed25519, seconds(61)));
  ASSERT_TRUE(stale->closed);
  EXPECT_EQ(stale->closed->http_status, 401);
  for (const Key key : {Key::Rsa, Key::Ed25519}) {
    EXPECT_TRUE(rig.connect(rig.sign("GET", "/trade-api/ws/v2", key))->is_open);
  }
}

}  // namespace
}  // namespace arbees::sim
