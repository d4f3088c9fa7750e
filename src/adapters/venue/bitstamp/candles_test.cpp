#include "adapters/venue/bitstamp/candles.h"

#include <gmock/gmock.h>

#include "adapters/venue/frame.h"

namespace arbees::bitstamp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CandleAnswer read(std::string_view json, Timestamp now = from_unix_s(1'800'000'000)) {
  FrameBuffer buffer;
  return read_candles(buffer.assign(json), now);
}

TEST(BitstampCandles, AreObjectsOfStrings) {
  const auto series = read(
      R"({"data":{"pair":"BTC/USD","ohlc":[{"high":"102","timestamp":"1790000040","volume":"3.5","low":"99.5","close":"101","open":"100"},)"
      R"({"timestamp":"1790000100","open":"101","high":"100","low":"99","close":"100","volume":"1"}]}})");
  ASSERT_TRUE(series.has_value());
  ASSERT_EQ(series->candles.size(), 1U);
  EXPECT_EQ(series->rejected, 1U);
  EXPECT_EQ(series->candles[0].low, *SpotPrice::parse("99.5"));
  EXPECT_EQ(series->candles[0].open, SpotPrice::whole(100));
}

TEST(BitstampCandles, AreAskedForInPiecesOfAThousand) {
  const Timestamp from = from_unix_s(1'790'000'040);
  EXPECT_THAT(candle_targets({"btcusd", from, from + std::chrono::minutes(10)}),
              ElementsAre("/api/v2/ohlc/btcusd/?step=60&limit=1000&start=1790000040&end=1790000580"));
}

TEST(BitstampCandles, WhatIsNoAnswerIsAnError) {
  EXPECT_FALSE(read("").has_value());
  EXPECT_FALSE(read("{}").has_value());
  EXPECT_FALSE(read("[[1,2").has_value());
  EXPECT_THAT(read(R"({"code":"invalid-pair","errors":[{"message":"Pair not found"}]})").error(),
              HasSubstr("invalid-pair"));
}

}  // namespace
}  // namespace arbees::bitstamp
