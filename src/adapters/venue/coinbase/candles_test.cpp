#include "adapters/venue/coinbase/candles.h"

#include <gmock/gmock.h>

#include "adapters/venue/frame.h"

namespace arbees::coinbase {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CandleAnswer read(std::string_view json, Timestamp now = from_unix_s(1'800'000'000)) {
  FrameBuffer buffer;
  return read_candles(buffer.assign(json), now);
}

TEST(CoinbaseExchangeCandles, ComeNewestFirstWithTheLowBeforeTheHigh) {
  const auto series =
      read("[[1790000100,99.5,102,100,101.25,3.5],[1790000040,98,101,99,100,1e-8],[1790000040,1,1,1,1,1]]");
  ASSERT_TRUE(series.has_value());
  ASSERT_EQ(series->candles.size(), 2U);
  EXPECT_EQ(series->rejected, 1U) << "doubled";
  EXPECT_EQ(series->candles[0].opened_at, from_unix_s(1'790'000'040));
  EXPECT_EQ(series->candles[1].low, *SpotPrice::parse("99.5"));
  EXPECT_EQ(series->candles[1].high, SpotPrice::whole(102));
  EXPECT_EQ(series->candles[1].open, SpotPrice::whole(100));
  EXPECT_EQ(series->candles[1].close, *SpotPrice::parse("101.25"));
}

TEST(CoinbaseExchangeCandles, AreAskedForInPiecesOfThreeHundred) {
  const Timestamp from = *parse_iso8601("2026-11-22T10:00:30Z");
  EXPECT_THAT(
      candle_targets({"BTC-USD", from, from + std::chrono::minutes(301)}),
      ElementsAre(
          "/products/BTC-USD/candles?granularity=60&start=2026-11-22T10:00:00.000Z&end=2026-11-22T14:59:00.000Z",
          "/products/BTC-USD/candles?granularity=60&start=2026-11-22T15:00:00.000Z&end=2026-11-22T15:00:00.000Z"));
}

TEST(CoinbaseExchangeCandles, WhatIsNoAnswerIsAnError) {
  EXPECT_FALSE(read("").has_value());
  EXPECT_FALSE(read("{}").has_value());
  EXPECT_FALSE(read("[[1,2").has_value());
  EXPECT_THAT(read(R"({"message":"NotFound"})").error(), HasSubstr("NotFound"));
}

}  // namespace
}  // namespace arbees::coinbase
