#include "sim/binance_control.h"

#include <gmock/gmock.h>

namespace arbees::sim::binance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(BinanceControl, PathsOfStreamsAreKnown) {
  for (const char* path : {"/ws", "/ws/0", "/ws/btcusdt@trade", "/stream", "/stream/0"})
    EXPECT_TRUE(is_stream_path(path));
  for (const char* path : {"/", "/wsx", "/api/v3/ping", "/streams"}) EXPECT_FALSE(is_stream_path(path)) << path;
}

TEST(BinanceControl, StreamsAreNamedInPathOrQuery) {
  EXPECT_THAT(Subscriptions("/ws/btcusdt@trade/ethusdt@depth@100ms", "").streams(),
              ElementsAre("btcusdt@trade", "ethusdt@depth@100ms"));
  const Subscriptions combined("/stream", "btcusdt@trade/solusdt@ticker");
  EXPECT_TRUE(combined.is_combined());
  EXPECT_THAT(combined.streams(), ElementsAre("btcusdt@trade", "solusdt@ticker"));
}

TEST(BinanceControl, OtherNamesInThePathArePassedOver) {
  EXPECT_THAT(Subscriptions("/ws/0", "").streams(), IsEmpty());
  EXPECT_THAT(Subscriptions("/ws", "").streams(), IsEmpty());
  EXPECT_THAT(Subscriptions("/ws/anything/btcusdt@trade", "").streams(), ElementsAre("btcusdt@trade"));
}

TEST(BinanceControl, CommandsAreAnsweredWithTheirId) {
  Subscriptions subscriptions("/ws", "");
  EXPECT_EQ(subscriptions.answer(R"({"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@depth"],"id":1})"),
            R"({"result":null,"id":1})");
  EXPECT_EQ(subscriptions.answer(R"({"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":"x"})"),
            R"({"result":null,"id":"x"})");
  EXPECT_EQ(subscriptions.answer(R"({"method":"LIST_SUBSCRIPTIONS","id":3})"),
            R"({"result":["btcusdt@depth"],"id":3})");
  EXPECT_EQ(subscriptions.answer(R"({"method":"LIST_SUBSCRIPTIONS"})"), R"({"result":["btcusdt@depth"],"id":null})");
}

TEST(BinanceControl, AStreamIsSubscribedOnce) {
  Subscriptions subscriptions("/ws", "");
  const char* const twice = R"({"method":"SUBSCRIBE","params":["a@trade","a@trade"],"id":1})";
  EXPECT_EQ(subscriptions.answer(twice), R"({"result":null,"id":1})");
  EXPECT_THAT(subscriptions.streams(), ElementsAre("a@trade"));
}

TEST(BinanceControl, CombinedFramesAreAProperty) {
  Subscriptions subscriptions("/ws", "");
  EXPECT_EQ(subscriptions.answer(R"({"method":"SET_PROPERTY","params":["combined",true],"id":5})"),
            R"({"result":null,"id":5})");
  EXPECT_TRUE(subscriptions.is_combined());
  EXPECT_EQ(subscriptions.answer(R"({"method":"GET_PROPERTY","params":["combined"],"id":2})"),
            R"({"result":true,"id":2})");
}

TEST(BinanceControl, WrongCommandsSayWhyAndChangeNothing) {
  Subscriptions subscriptions("/ws/btcusdt@trade", "");
  EXPECT_THAT(subscriptions.answer("{"), HasSubstr(R"("code":3)"));
  EXPECT_THAT(subscriptions.answer("[]"), HasSubstr(R"("code":2)"));
  EXPECT_THAT(subscriptions.answer(R"({"id":1})"), HasSubstr(R"("code":2)"));
  EXPECT_THAT(subscriptions.answer(R"({"method":"BUY","id":1})"), HasSubstr(R"("code":2)"));
  EXPECT_THAT(subscriptions.answer(R"({"method":"SUBSCRIBE","params":[],"id":1})"), HasSubstr(R"("code":2)"));
  EXPECT_THAT(subscriptions.answer(R"({"method":"SUBSCRIBE","params":[1],"id":1})"), HasSubstr(R"("code":2)"));
  EXPECT_THAT(subscriptions.answer(R"({"method":"SUBSCRIBE","params":"a","id":1})"), HasSubstr(R"("code":2)"));
  EXPECT_THAT(subscriptions.answer(R"({"method":"SET_PROPERTY","params":["x",true],"id":1})"),
              HasSubstr(R"("code":0)"));
  EXPECT_THAT(subscriptions.answer(R"({"method":"SET_PROPERTY","params":["combined"],"id":1})"),
              HasSubstr(R"("code":1)"));
  EXPECT_THAT(subscriptions.answer(R"({"method":"SUBSCRIBE","params":["a@trade"],"id":1.5})"),
              HasSubstr(R"("code":2)"));
  EXPECT_THAT(subscriptions.streams(), ElementsAre("btcusdt@trade"));
}

TEST(BinanceControl, StreamsOfAConnectionAreLimited) {
  Subscriptions subscriptions("/ws", "");
  for (std::size_t i = 0; i < Subscriptions::kMaxStreams; ++i) {
    const std::string name = "a" + std::to_string(i) + "@trade";
    ASSERT_EQ(subscriptions.answer(R"({"method":"SUBSCRIBE","params":[")" + name + R"("],"id":1})"),
              R"({"result":null,"id":1})");
  }
  EXPECT_THAT(subscriptions.answer(R"({"method":"SUBSCRIBE","params":["b@trade"],"id":1})"), HasSubstr("too many"));
}

}  // namespace
}  // namespace arbees::sim::binance
