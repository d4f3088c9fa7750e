#include "adapters/venue/binance/candles.h"

#include <gmock/gmock.h>

#include "adapters/venue/frame.h"

namespace arbees::binance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CandleAnswer read(std::string_view json, Timestamp now = from_unix_s(1'800'000'000)) {
  FrameBuffer buffer;
  return read_candles(buffer.assign(json), now);
}

// The example of the documentation, its interval cut to a minute.
TEST(BinanceCandles, ComeOldestFirstInMilliseconds) {
  const auto series = read(
      R"([[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",1499040059999,"2434.19055334",308,"1756.87402397","28.46694368","0"],[1499040060000,"1","1","1","1","2"]])",
      from_unix_ms(1499040119999));
  ASSERT_TRUE(series.has_value());
  ASSERT_EQ(series->candles.size(), 1U);
  EXPECT_EQ(series->unfinished, 1U);
  EXPECT_EQ(series->candles[0].opened_at, from_unix_ms(1499040000000));
  EXPECT_EQ(series->candles[0].close, *SpotPrice::parse("0.015771"));
  EXPECT_EQ(series->candles[0].high, *SpotPrice::parse("0.8"));
}

TEST(BinanceCandles, AreAskedForInPiecesOfAThousand) {
  const Timestamp from = from_unix_s(1'790'000'040);
  EXPECT_THAT(
      candle_targets({"BTCUSDT", from, from + std::chrono::minutes(1001)}),
      ElementsAre(
          "/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=1790000040000&endTime=1790060039999&limit=1000",
          "/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=1790060040000&endTime=1790060099999&limit=1000"));
}

TEST(BinanceCandles, WhatIsNoAnswerIsAnError) {
  EXPECT_FALSE(read("").has_value());
  EXPECT_FALSE(read("{}").has_value());
  EXPECT_FALSE(read("[[1,2").has_value());
  EXPECT_THAT(read(R"({"code":-1121,"msg":"Invalid symbol."})").error(), HasSubstr("Invalid symbol"));
}

}  // namespace
}  // namespace arbees::binance
