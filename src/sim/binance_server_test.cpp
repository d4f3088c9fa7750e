#include "sim/binance_server.h"

#include <gmock/gmock.h>

#include "adapters/venue/binance/decoder.h"
#include "sim/spot_test_client.h"

namespace arbees::sim::binance {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::string_view kSubscribeAll =
    R"({"method":"SUBSCRIBE","id":1,"params":["btcusdt@depth@100ms","ethusdt@depth@100ms","solusdt@depth@100ms",)"
    R"("btcusdt@trade","ethusdt@aggTrade","btcusdt@bookTicker","btcusdt@ticker","ethusdt@miniTicker",)"
    R"("btcusdt@kline_1m"]})";

// Gives the decoder each product's depth as a client gets it by REST.
void take_snapshots(const World& world, arbees::binance::Decoder& decoder, BookKeeper& keeper, Timestamp now) {
  for (const SpotProduct* product : world.products(Venue::Binance)) {
    decoder.set_snapshot_symbol(product->symbol);
    keeper.take(depth_snapshot(world.spot_book(*product), 5000), now);
  }
}

TEST(BinanceServer, OnlyStreamPathsAreUpgraded) {
  TestWorld test(1);
  Server server(test.context());
  EXPECT_EQ(connect(server, "/api/v3/ping").handler, nullptr);
  EXPECT_NE(connect(server, "/ws/0").handler, nullptr);
  EXPECT_NE(connect(server, "/stream", "streams=btcusdt@trade").handler, nullptr);
}

TEST(BinanceServer, OurDecoderAgreesWithTheWorldsBooks) {
  for (const std::uint64_t seed : {1U, 2U}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TestWorld test(seed);
    Server server(test.context());
    TestClient client = connect(server, "/ws");
    EXPECT_THAT(client.ask(kSubscribeAll), testing::ElementsAre(R"({"result":null,"id":1})"));
    arbees::binance::Decoder decoder;
    BookKeeper keeper(decoder);
    for (int step = 1; step <= 3000; ++step) {
      test.advance(std::chrono::milliseconds(50));
      for (const std::string& frame : client.socket->take()) keeper.take(frame, test.now);
      if (step == 31) take_snapshots(test.world, decoder, keeper, test.now);
      // A batch ends with every second step.
      if (step < 40 || step % 2 != 0) continue;
      for (const SpotProduct* product : test.world.products(Venue::Binance)) {
        ASSERT_EQ(keeper.difference(*product, test.world.spot_book(*product)), "") << product->symbol << " at " << step;
      }
    }
    EXPECT_THAT(keeper.anomalies, IsEmpty());
    EXPECT_GT(keeper.trades.size(), 100U);
    EXPECT_GT(keeper.quotes.size(), 100U);
  }
}

TEST(BinanceServer, LostUpdatesAreNoticedAndHealedByASnapshot) {
  TestWorld test(7, "drop=0.02");
  Server server(test.context());
  TestClient client = connect(server, "/ws/btcusdt@depth@100ms");
  const SpotProduct& product = *test.world.find_product(Venue::Binance, "BTCUSDT");
  arbees::binance::Decoder decoder;
  BookKeeper keeper(decoder);
  std::size_t healed = 0;
  for (int step = 1; step <= 4000; ++step) {
    test.advance(std::chrono::milliseconds(50));
    for (const std::string& frame : client.socket->take()) keeper.take(frame, test.now);
    if (step % 2 != 0 || keeper.book(product).status() == BookStatus::Proven) continue;
    decoder.set_snapshot_symbol(product.symbol);
    keeper.take(depth_snapshot(test.world.spot_book(product), 5000), test.now);
    if (keeper.difference(product, test.world.spot_book(product)).empty()) ++healed;
  }
  EXPECT_GT(test.injector.count(Fault::Drop), 5U);
  EXPECT_GT(healed, 5U);
  EXPECT_THAT(keeper.anomalies, Not(IsEmpty()));
  EXPECT_THAT(keeper.anomalies, Each(HasSubstr("sequence_gap")));
}

TEST(BinanceServer, CombinedPathsWrapTheirFrames) {
  TestWorld test(3);
  Server server(test.context());
  TestClient client = connect(server, "/stream", "streams=btcusdt@depth@100ms/ethusdt@ticker");
  test.advance(std::chrono::seconds(2));
  EXPECT_THAT(client.socket->frames, Not(IsEmpty()));
  EXPECT_THAT(client.socket->frames, Each(HasSubstr(R"({"stream":")")));
  EXPECT_THAT(client.socket->frames,
              testing::Contains(HasSubstr(R"({"stream":"ethusdt@ticker","data":{"e":"24hrTicker")")));
}

TEST(BinanceServer, UnsubscribedStreamsEnd) {
  TestWorld test(3);
  Server server(test.context());
  TestClient client = connect(server, "/ws/btcusdt@depth@100ms");
  test.advance(std::chrono::seconds(2));
  EXPECT_THAT(client.socket->take(), Not(IsEmpty()));
  client.ask(R"({"method":"UNSUBSCRIBE","params":["btcusdt@depth@100ms"],"id":2})");
  test.advance(std::chrono::seconds(2));
  EXPECT_THAT(client.socket->take(), IsEmpty());
}

TEST(BinanceServer, UnknownStreamsStaySilent) {
  TestWorld test(3);
  Server server(test.context());
  TestClient client = connect(server, "/ws");
  EXPECT_THAT(client.ask(R"({"method":"SUBSCRIBE","params":["dogeusdt@trade","BTCUSDT@trade","nonsense"],"id":2})"),
              testing::ElementsAre(R"({"result":null,"id":2})"));
  test.advance(std::chrono::seconds(10));
  EXPECT_THAT(client.socket->take(), IsEmpty());
}

TEST(BinanceServer, PingsEveryTwentySeconds) {
  TestWorld test(3);
  Server server(test.context());
  TestClient client = connect(server, "/ws");
  test.advance(std::chrono::seconds(61));
  EXPECT_THAT(client.socket->pings, SizeIs(3));
}

TEST(BinanceServer, EveryMinuteEndsWithAClosedBar) {
  TestWorld test(3);
  Server server(test.context());
  TestClient client = connect(server, "/ws/btcusdt@kline_1m");
  test.advance(std::chrono::minutes(5));
  std::size_t closed = 0;
  for (const std::string& frame : client.socket->take()) closed += frame.find(R"("x":true)") != std::string::npos;
  EXPECT_EQ(closed, 5U);
}

}  // namespace
}  // namespace arbees::sim::binance
