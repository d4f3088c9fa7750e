#include "adapters/venue/gemini/candles.h"

#include <gmock/gmock.h>

#include "adapters/venue/frame.h"

namespace arbees::gemini {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CandleAnswer read(std::string_view json, Timestamp now = from_unix_s(1'800'000'000)) {
  FrameBuffer buffer;
  return read_candles(buffer.assign(json), now);
}

TEST(GeminiCandles, ComeNewestFirstInMilliseconds) {
  const auto series = read(
      "[[1790000100000,100,102,99.5,101.25,3.5],[1790000040000,99,101,98,100,1.5],[1790000039000,99,101,98,100,1.5]]");
  ASSERT_TRUE(series.has_value());
  ASSERT_EQ(series->candles.size(), 2U);
  EXPECT_EQ(series->rejected, 1U) << "not on the minute";
  EXPECT_EQ(series->candles[1].close, *SpotPrice::parse("101.25"));
}

TEST(GeminiCandles, AreAskedForAsTheyAre) {
  const Timestamp from = from_unix_s(1'790'000'040);
  EXPECT_THAT(candle_targets({"BTCUSD", from, from + std::chrono::minutes(10)}), ElementsAre("/v2/candles/btcusd/1m"));
}

TEST(GeminiCandles, WhatIsNoAnswerIsAnError) {
  EXPECT_FALSE(read("").has_value());
  EXPECT_FALSE(read("{}").has_value());
  EXPECT_FALSE(read("[[1,2").has_value());
  EXPECT_THAT(read(R"({"result":"error","reason":"InvalidSymbol","message":"Supplied value is not valid"})").error(),
              HasSubstr("InvalidSymbol"));
}

}  // namespace
}  // namespace arbees::gemini
