#include "adapters/venue/kraken/candles.h"

#include <gmock/gmock.h>

#include "adapters/venue/frame.h"

namespace arbees::kraken {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CandleAnswer read(std::string_view json, Timestamp now = from_unix_s(1'800'000'000)) {
  FrameBuffer buffer;
  return read_candles(buffer.assign(json), now);
}

// Rows as recorded; the first is of a minute without trades.
TEST(KrakenCandles, LeaveOutEmptyMinutesAndTheRunningOne) {
  const auto series = read(
      R"({"error":[],"result":{"XXBTZUSD":[[1762777080,"106038.2","106038.2","106038.2","106038.2","0.0","0.00000000",0],)"
      R"([1762777140,"106038.3","106038.3","106038.3","106038.3","106038.3","0.00032101",1],)"
      R"([1762777200,"106038.1","106044.3","106038.1","106040.1","106039.6","0.08317981",3]],"last":1762777140}})",
      from_unix_s(1762777230));
  ASSERT_TRUE(series.has_value());
  ASSERT_EQ(series->candles.size(), 1U);
  EXPECT_EQ(series->empty, 1U);
  EXPECT_EQ(series->unfinished, 1U);
  EXPECT_EQ(series->candles[0].close, *SpotPrice::parse("106038.3"));
}

TEST(KrakenCandles, AreAskedForInOnePieceByTheOldNames) {
  const Timestamp from = from_unix_s(1'790'000'040);
  EXPECT_THAT(candle_targets({"BTC/USD", from, from + std::chrono::minutes(2000)}),
              ElementsAre("/0/public/OHLC?pair=XBTUSD&interval=1&since=1790000039"));
  EXPECT_THAT(candle_targets({"ETH/USD", from, from + std::chrono::minutes(1)}),
              ElementsAre("/0/public/OHLC?pair=ETHUSD&interval=1&since=1790000039"));
}

TEST(KrakenCandles, WhatIsNoAnswerIsAnError) {
  EXPECT_FALSE(read("").has_value());
  EXPECT_FALSE(read("{}").has_value());
  EXPECT_FALSE(read("[[1,2").has_value());
  EXPECT_THAT(read(R"({"error":["EQuery:Unknown asset pair"]})").error(), HasSubstr("Unknown asset pair"));
}

}  // namespace
}  // namespace arbees::kraken
