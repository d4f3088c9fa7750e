#include "adapters/bus/request_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/bus/envelope.h"

namespace arbees::bus {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kTopic = "crypto.execution.r1";
const Timestamp kNow = *parse_iso8601("2026-01-29T18:08:00Z");

// The predecessor's message, all sixteen fields.
constexpr std::string_view kSeed = R"({"request_id":"r1","event_id":"kalshi:KXBTCD-26JAN2917-T95249.99","asset":"BTC",
"signal_type":"Arbitrage","platform":"kalshi","market_id":"KXBTCD-26JAN2917-T95249.99","direction":"Long",
"edge_pct":4.2,"probability":0.5,"suggested_size":100.0,"max_price":0.47,"current_price":0.46,
"timestamp":"2026-01-29T18:07:59.5Z","volatility_factor":1.0,"exposure_check":true,"balance_check":true})";

std::string message(std::string_view payload, std::int64_t timestamp_ms = 0) {
  Envelope envelope{1, 1, timestamp_ms, "crypto_shard:1"};
  if (timestamp_ms == 0) envelope.timestamp_ms = unix_ns(kNow) / 1'000'000;
  return encode_message(envelope, payload);
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(kSeed);
  text.replace(text.find(from), from.size(), to);
  return text;
}

std::string refusal(const std::string& text, std::string_view topic = kTopic) {
  const auto request = decode_request(topic, text, kNow);
  return request ? "accepted" : request.error().reason;
}

TEST(RequestMessage, TakesThePredecessorsCryptoRequest) {
  const auto request = decode_request(kTopic, message(kSeed), kNow);
  ASSERT_TRUE(request) << request.error().reason;
  EXPECT_TRUE(request->is_crypto);
  EXPECT_EQ(request->request_id, "r1");
  EXPECT_EQ(request->idempotency_key, "r1");
  EXPECT_EQ(request->source, "crypto_shard:1");
  EXPECT_EQ(request->asset, "BTC");
  EXPECT_EQ(request->size, Money::whole(100));
  EXPECT_EQ(request->created_at, *parse_iso8601("2026-01-29T18:07:59.5Z"));
  ASSERT_EQ(request->legs.size(), 1U);
  EXPECT_EQ(request->legs[0].platform, "kalshi");
  EXPECT_EQ(request->legs[0].outcome, Outcome::Yes);
  EXPECT_EQ(request->legs[0].limit, Price::from_units(4700));
  EXPECT_FALSE(request->legs[0].contracts);
}

TEST(RequestMessage, ShortBuysNoAtItsOwnPrice) {
  const auto request = decode_request(kTopic, message(replaced("\"Long\"", "\"Short\"")), kNow);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->legs[0].outcome, Outcome::No);
}

TEST(RequestMessage, ALimitIsNeverRaisedByRounding) {
  const auto request = decode_request(kTopic, message(replaced("0.47", "0.47009999")), kNow);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->legs[0].limit, Price::from_units(4700));
  EXPECT_EQ(decode_request(kTopic, message(replaced("0.47", "0.0301")), kNow)->legs[0].limit, Price::from_units(301));
  EXPECT_THAT(refusal(message(replaced("0.47", "0.00001"))), StartsWith("malformed: payload.max_price"));
}

TEST(RequestMessage, TakesTheRequestsOfOtherShards) {
  constexpr std::string_view kOther = R"({"request_id":"g7","idempotency_key":"k7","game_id":"401","sport":"NBA",
"platform":"polymarket","market_id":"0xabc","token_id":"123","side":"no","limit_price":0.2,"size":25,
"signal_id":"s","signal_type":"edge","edge_pct":5,"model_prob":0.9,"reason":"because",
"created_at":"2026-01-29T18:07:59Z","expires_at":"2026-01-29T18:08:10Z"})";
  const auto request = decode_request("execution.request.g7", message(kOther), kNow);
  ASSERT_TRUE(request) << request.error().reason;
  EXPECT_FALSE(request->is_crypto);
  EXPECT_EQ(request->sport, "NBA");
  EXPECT_EQ(request->idempotency_key, "k7");
  EXPECT_EQ(request->legs[0].outcome, Outcome::No);
  EXPECT_EQ(*request->legs[0].contracts, Quantity::whole(25));
  EXPECT_EQ(request->deadline, *parse_iso8601("2026-01-29T18:08:10Z"));
}

TEST(RequestMessage, EncodedRequestsComeBackAsTheyWere) {
  BusRequest request;
  request.request_id = request.idempotency_key = "r9";
  request.asset = "ETH";
  request.signal_type = "Arbitrage";
  request.event_id = "group";
  request.created_at = kNow;
  request.deadline = kNow + std::chrono::seconds(2);
  request.size = Money::from_units(12'345'678);
  request.outlay = Money::from_units(12'000'001);
  request.guaranteed = Money::whole(13);
  request.fence = 17;
  request.legs = {{"kalshi", "KX-1", "", Outcome::Yes, Price::from_units(4701), Quantity::from_units(1300)},
                  {"polymarket", "0xab", "99", Outcome::No, Price::from_units(3899), Quantity::from_units(1300)}};
  const auto back = decode_request("crypto.execution.r9", message(encode_request(request)), kNow);
  ASSERT_TRUE(back) << back.error().reason;
  EXPECT_EQ(back->legs, request.legs);
  EXPECT_EQ(back->size, request.size);
  EXPECT_EQ(back->outlay, request.outlay);
  EXPECT_EQ(back->guaranteed, request.guaranteed);
  EXPECT_EQ(back->deadline, request.deadline);
  EXPECT_EQ(back->fence, request.fence);
}

TEST(RequestMessage, RefusesSizesAndPricesThatCannotBe) {
  for (const char* size : {"0", "-1", "0.0", "1000000.01", "1e9", "\"100\"", "true", "[1]", "null"}) {
    EXPECT_THAT(refusal(message(replaced("100.0", size))), StartsWith("malformed: payload.suggested_size")) << size;
  }
  EXPECT_EQ(refusal(message(replaced("100.0", "1000000"))), "accepted");
  for (const char* price : {"0", "1", "1.0", "-0.1", "1.5", "47", "\"0.47\"", "null"}) {
    EXPECT_THAT(refusal(message(replaced("0.47", price))), StartsWith("malformed: payload.max_price")) << price;
  }
  EXPECT_THAT(refusal(message(replaced("0.46", "95000"))), StartsWith("malformed: payload.current_price"));
}

TEST(RequestMessage, RefusesNumbersThatAreNone) {
  for (const char* number : {"NaN", "Infinity", "-Infinity", "1e999", "0x10", "1,5", "01"}) {
    EXPECT_THAT(refusal(message(replaced("100.0", number))), StartsWith("malformed: ")) << number;
  }
}

TEST(RequestMessage, RefusesTheStaleAndTheFuture) {
  const auto at = [](const char* time) { return refusal(message(replaced("2026-01-29T18:07:59.5Z", time))); };
  EXPECT_EQ(at("2026-01-29T18:07:00Z"), "accepted");
  EXPECT_THAT(at("2026-01-29T18:06:59.999Z"), HasSubstr("stale: 60001 ms old"));
  EXPECT_EQ(at("2026-01-29T18:08:05Z"), "accepted");
  EXPECT_THAT(at("2026-01-29T18:08:05.001Z"), HasSubstr("5001 ms ahead"));
  EXPECT_THAT(at("yesterday"), StartsWith("malformed: payload.timestamp"));
  // The envelope's own time counts as well, and milliseconds are as good as text.
  const std::int64_t now_ms = unix_ns(kNow) / 1'000'000;
  EXPECT_THAT(refusal(message(kSeed, now_ms - 60'001)), HasSubstr("stale"));
  EXPECT_EQ(refusal(message(replaced("\"2026-01-29T18:07:59.5Z\"", std::to_string(now_ms)))), "accepted");
  EXPECT_THAT(refusal(message(replaced("\"balance_check\":true", "\"deadline\":\"2026-01-29T18:08:00Z\""))),
              HasSubstr("past its deadline"));
}

TEST(RequestMessage, RefusesWhatIsNotAMessageWithTheBestIdThereIs) {
  const auto id_of = [](std::string_view topic, const std::string& text) {
    const auto request = decode_request(topic, text, kNow);
    return request ? "accepted" : request.error().request_id;
  };
  EXPECT_EQ(id_of(kTopic, ""), "r1");
  EXPECT_EQ(id_of(kTopic, "{"), "r1");
  EXPECT_EQ(id_of(kTopic, "[1,2]"), "r1");
  EXPECT_EQ(id_of("crypto.execution.", "{"), "unknown");
  EXPECT_EQ(id_of(kTopic, std::string(70'000, ' ')), "r1");
  EXPECT_EQ(id_of(kTopic, message(R"({"request_id":"other"})")), "other");
  EXPECT_EQ(id_of(kTopic, R"({"request_id":"bare","platform":"kalshi"})"), "bare");
  EXPECT_EQ(id_of(kTopic, message(R"({"request_id":"with space"})")), "r1");
  EXPECT_EQ(id_of(kTopic, std::string(60'000, '[')), "r1");
  EXPECT_EQ(id_of(kTopic, "{\"a\":\"\xff\xfe\"}"), "r1");
  EXPECT_THAT(refusal(std::string(60'000, '[')), HasSubstr("nested deeper"));
  EXPECT_THAT(refusal(std::string(70'000, ' ')), HasSubstr("over the 65536 allowed"));
  EXPECT_THAT(refusal(message(replaced("\"Long\"", "\"Sideways\""))), HasSubstr("direction: must be Long or Short"));
  EXPECT_THAT(refusal(message(replaced("\"direction\":\"Long\",", ""))), HasSubstr("direction: missing"));
}

TEST(RequestMessage, EveryCutOfAMessageIsRefused) {
  const std::string whole = message(kSeed);
  ASSERT_EQ(refusal(whole), "accepted");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(refusal(whole.substr(0, length)), "accepted") << length;
  }
}

}  // namespace
}  // namespace arbees::bus
