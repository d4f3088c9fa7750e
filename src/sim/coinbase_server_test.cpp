#include "sim/coinbase_server.h"

#include <gmock/gmock.h>

#include "adapters/venue/coinbase/decoder.h"
#include "sim/spot_test_client.h"

namespace arbees::sim::coinbase {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::string_view kExchangeAll =
    R"({"type":"subscribe","product_ids":["BTC-USD","ETH-USD","SOL-USD"],"channels":["level2_batch","matches","ticker",)"
    R"("heartbeat","status","ticker_batch"],"signature":"x","key":"y","passphrase":"z","timestamp":"1"})";

std::string advanced_subscription(std::string_view channel) {
  return R"({"type":"subscribe","product_ids":["BTC-USD","ETH-USD","SOL-USD"],"channel":")" + std::string(channel) +
         R"("})";
}

// Steps the world, lets our decoder follow, and compares its books with the world's after each step.
void follow(TestWorld& test, TestClient& client, BookKeeper& keeper, int steps) {
  for (int step = 1; step <= steps; ++step) {
    test.advance(std::chrono::milliseconds(50));
    for (const std::string& frame : client.socket->take()) keeper.take(frame, test.now);
    for (const SpotProduct* product : test.world.products(Venue::Coinbase)) {
      ASSERT_EQ(keeper.difference(*product, test.world.spot_book(*product)), "") << product->symbol << " at " << step;
    }
  }
}

// What a client that subscribes so gets agrees with the world, for some worlds.
void expect_agreement(const std::vector<std::string>& subscriptions) {
  for (const std::uint64_t seed : {1U, 2U}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TestWorld test(seed);
    Server server(test.context());
    TestClient client = connect(server, "/");
    arbees::coinbase::Decoder decoder;
    BookKeeper keeper(decoder);
    for (const std::string& subscription : subscriptions) {
      for (const std::string& frame : client.ask(subscription)) keeper.take(frame, test.now);
    }
    follow(test, client, keeper, 3000);
    EXPECT_THAT(keeper.anomalies, IsEmpty());
    EXPECT_GT(keeper.trades.size(), 100U);
    EXPECT_GT(keeper.quotes.size(), 100U);
  }
}

TEST(CoinbaseServer, ExchangeDecoderAgreesWithTheWorldsBooks) { expect_agreement({std::string(kExchangeAll)}); }

TEST(CoinbaseServer, AdvancedDecoderAgreesWithTheWorldsBooks) {
  std::vector<std::string> subscriptions;
  for (const char* channel : {"heartbeats", "level2", "market_trades", "ticker", "ticker_batch", "candles", "status"}) {
    subscriptions.push_back(advanced_subscription(channel));
  }
  expect_agreement(subscriptions);
}

TEST(CoinbaseServer, LostAdvancedFramesAreNoticedAndHealedBySubscribingAgain) {
  TestWorld test(5, "drop=0.02");
  Server server(test.context());
  TestClient client = connect(server, "/");
  const SpotProduct& product = *test.world.find_product(Venue::Coinbase, "BTC-USD");
  arbees::coinbase::Decoder decoder;
  BookKeeper keeper(decoder);
  std::size_t healed = 0;
  for (int step = 1; step <= 4000; ++step) {
    test.advance(std::chrono::milliseconds(50));
    for (const std::string& frame : client.socket->take()) keeper.take(frame, test.now);
    if (keeper.book(product).status() == BookStatus::Proven) continue;
    for (const std::string& frame : client.ask(advanced_subscription("level2"))) keeper.take(frame, test.now);
    if (keeper.difference(product, test.world.spot_book(product)).empty()) ++healed;
  }
  EXPECT_GT(test.injector.count(Fault::Drop), 5U);
  EXPECT_GT(healed, 5U);
  EXPECT_THAT(keeper.anomalies, Contains(HasSubstr("sequence_gap")));
}

TEST(CoinbaseServer, ExchangeAnswersWithSubscriptionsAndWhatIsThereNow) {
  TestWorld test(1);
  Server server(test.context());
  TestClient client = connect(server, "/");
  EXPECT_THAT(client.ask(R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["level2","matches","ticker",)"
                         R"({"name":"heartbeat","product_ids":["ETH-USD"]}]})"),
              ElementsAre(StartsWith(R"({"type":"subscriptions")"), StartsWith(R"({"type":"snapshot")"),
                          StartsWith(R"({"type":"last_match")"), StartsWith(R"({"type":"ticker")")));
  test.advance(std::chrono::seconds(3));
  EXPECT_THAT(client.socket->frames, Contains(HasSubstr(R"("type":"heartbeat")")));
  EXPECT_THAT(client.socket->frames, Each(Not(HasSubstr("SOL-USD"))));
}

TEST(CoinbaseServer, AdvancedNumbersAllMessagesOfAConnectionFromZero) {
  TestWorld test(1);
  Server server(test.context());
  TestClient client = connect(server, "/");
  std::vector<std::string> frames = client.ask(advanced_subscription("level2"));
  for (const std::string& frame : client.ask(advanced_subscription("heartbeats"))) frames.push_back(frame);
  test.advance(std::chrono::seconds(3));
  for (const std::string& frame : client.socket->take()) frames.push_back(frame);
  ASSERT_GT(frames.size(), 10U);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_THAT(frames[i], HasSubstr("\"sequence_num\":" + std::to_string(i) + ","));
  }
}

TEST(CoinbaseServer, UsdcProductsAreTheUsdOnes) {
  TestWorld test(1);
  Server server(test.context());
  TestClient client = connect(server, "/");
  const auto frames = client.ask(R"({"type":"subscribe","product_ids":["BTC-USDC"],"channel":"level2"})");
  ASSERT_THAT(frames, SizeIs(2));
  EXPECT_THAT(frames[1], HasSubstr(R"("product_id":"BTC-USD")"));
}

TEST(CoinbaseServer, WrongCommandsAreErrors) {
  TestWorld test(1);
  Server server(test.context());
  TestClient client = connect(server, "/");
  const auto answer = [&](std::string_view text) {
    const auto frames = client.ask(text);
    return frames.size() == 1 ? frames.front() : "not one frame";
  };
  EXPECT_EQ(answer("{"), R"({"type":"error","message":"Malformed JSON"})");
  EXPECT_THAT(answer(R"({"type":"buy","channels":["ticker"]})"), HasSubstr("Type has to be"));
  EXPECT_THAT(answer(R"({"type":"subscribe"})"), HasSubstr("No channels"));
  EXPECT_THAT(answer(R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["nothing"]})"),
              HasSubstr("nothing is not a valid channel"));
  EXPECT_THAT(answer(R"({"type":"subscribe","product_ids":["X-USD"],"channels":["ticker"]})"),
              HasSubstr("X-USD is not a valid product"));
  EXPECT_THAT(answer(R"({"type":"subscribe","channels":["ticker"]})"), HasSubstr("No product_ids"));
  EXPECT_THAT(answer(R"({"type":"subscribe","channel":"user"})"), HasSubstr("authentication failure"));
  EXPECT_THAT(answer(R"({"type":"subscribe","channel":"nothing"})"), HasSubstr("failure to subscribe"));
}

TEST(CoinbaseServer, UnsubscribedChannelsEnd) {
  TestWorld test(1);
  Server server(test.context());
  TestClient client = connect(server, "/");
  client.ask(kExchangeAll);
  EXPECT_THAT(client.ask(R"({"type":"unsubscribe","channels":["level2_batch","matches","ticker","heartbeat","status",)"
                         R"("ticker_batch"]})"),
              ElementsAre(R"({"type":"subscriptions","channels":[]})"));
  test.advance(std::chrono::seconds(6));
  EXPECT_THAT(client.socket->take(), IsEmpty());
}

TEST(CoinbaseServer, WhoSubscribesToNothingIsDisconnected) {
  TestWorld test(1);
  Server server(test.context());
  TestClient silent = connect(server, "/");
  TestClient subscribed = connect(server, "/");
  subscribed.ask(advanced_subscription("heartbeats"));
  test.advance(std::chrono::seconds(6));
  EXPECT_FALSE(silent.socket->is_open());
  EXPECT_TRUE(subscribed.socket->is_open());
}

}  // namespace
}  // namespace arbees::sim::coinbase
