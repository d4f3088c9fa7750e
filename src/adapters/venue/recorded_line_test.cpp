#include "adapters/venue/recorded_line.h"

#include <gtest/gtest.h>

#include <string>

namespace arbees {
namespace {

TEST(RecordedLine, TakesABareFrameAsItIs) {
  RecordedLineReader reader;
  const RecordedFrame line = reader.unwrap(R"({"type":"orderbook_delta","sid":2,"seq":3,"msg":{"a":1}})");
  EXPECT_EQ(line.frame, R"({"type":"orderbook_delta","sid":2,"seq":3,"msg":{"a":1}})");
  EXPECT_FALSE(line.received_at.has_value());
  EXPECT_EQ(reader.unwrap("PONG").frame, "PONG");
  EXPECT_EQ(reader.unwrap("  [] \r").frame, "[]");
}

TEST(RecordedLine, UnwrapsFramesWithTheirReceiveTime) {
  RecordedLineReader reader;
  for (const char* text : {R"({"received_at":"2026-05-11T05:37:43.5Z","frame":{"x":[1,2]}})",
                           R"({"received_at":1778477863500000000,"frame":{"x":[1,2]}})",
                           R"({"received_at":"1778477863500000000","frame":{"x":[1,2]}})",
                           R"({"recv_ts":1778477863.5,"slug":"s","frame":{"x":[1,2]}})",
                           R"({"capturedAt":1778477863.5,"payload":{"x":[1,2]}})",
                           R"({"recv_ms":1778477863500,"src":"polymarket_clob","raw":"{\"x\":[1,2]}"})",
                           R"({"recv_ts_ns":1778477863500000000,"raw":"{\"x\":[1,2]}\n"})",
                           R"(1778477863500000000 {"x":[1,2]})", R"(1778477863.5: {"x":[1,2]})"}) {
    const RecordedFrame line = reader.unwrap(text);
    EXPECT_EQ(line.frame, R"({"x":[1,2]})") << text;
    EXPECT_EQ(line.received_at, from_unix_ms(1778477863500)) << text;
  }
}

TEST(RecordedLine, FindsTheTimeAndSourceBesideAFramesOwnKeys) {
  RecordedLineReader reader;
  const std::string text =
      R"({"recv_ns":1778477863500000000,"src":"kalshi","type":"orderbook_delta","seq":2,"msg":{}})";
  const RecordedFrame line = reader.unwrap(text);
  EXPECT_EQ(line.frame, text);
  EXPECT_EQ(line.source, "kalshi");
  EXPECT_EQ(line.received_at, from_unix_ms(1778477863500));
}

TEST(RecordedLine, LeavesAFrameThatHasAPayloadOfItsOwnWhole) {
  RecordedLineReader reader;
  const std::string frame = R"({"topic":"crypto_prices_chainlink","timestamp":1777366911692,"payload":{"value":1.5}})";
  EXPECT_EQ(reader.unwrap(frame).frame, frame);
  EXPECT_EQ(reader.unwrap("1777366911692 " + frame).frame, frame);
  EXPECT_EQ(reader.unwrap(R"({"received_at":1777366911692,"frame":)" + frame + "}").frame, frame);
}

TEST(RecordedLine, GivesWhatStandsInPlaceOfARawText) {
  RecordedLineReader reader;
  EXPECT_EQ(reader.unwrap(R"({"recv_ms":1778477863500,"src":"binance","raw":5})").frame, "5");
  EXPECT_EQ(reader.unwrap(R"({"recv_ms":1778477863500,"src":"binance","raw":{"x":1}})").frame, "{");
}

TEST(RecordedLine, KnowsLinesAboutTheConnection) {
  RecordedLineReader reader;
  EXPECT_FALSE(reader.unwrap("wss://ws-feed.pro.coinbase.com <-> 1618677816.8434298").is_received);
  EXPECT_FALSE(reader.unwrap(R"(wss://x <- 1618677817.02: {"type":"subscribe"})").is_received);
}

TEST(RecordedLine, OurOwnRecordingsNumberTheirConnections) {
  RecordedLineReader reader;
  const RecordedFrame frame =
      reader.unwrap(R"({"recv_ts_ns":1780000000000000005,"src":"kalshi","connection":7,"raw":"{\"type\":\"x\"}"})");
  EXPECT_TRUE(frame.is_received);
  EXPECT_EQ(frame.connection, 7U);
  EXPECT_EQ(frame.frame, R"({"type":"x"})");
  EXPECT_EQ(frame.received_at, from_unix_s(1'780'000'000) + Duration(5));
  const RecordedFrame marker =
      reader.unwrap(R"({"recv_ts_ns":1780000000000000005,"src":"kalshi","connection":7,"marker":"connected"})");
  EXPECT_FALSE(marker.is_received);
  // A venue's own frame with such a key stays a frame.
  EXPECT_TRUE(reader.unwrap(R"({"marker":"x","type":"y"})").is_received);
}

TEST(RecordedLine, LeavesGarbageToTheDecoder) {
  RecordedLineReader reader;
  for (const char* text : {"", "{", "{\"frame\":", "{\"received_at\":17", "garbage", "12 x", "\"a\""}) {
    EXPECT_EQ(reader.unwrap(text).frame, text);
  }
}

TEST(RecordedLine, SourcesNameTheirVenue) {
  EXPECT_TRUE(source_is_venue("polymarket_clob", Venue::Polymarket));
  EXPECT_TRUE(source_is_venue("", Venue::Kalshi));
  EXPECT_FALSE(source_is_venue("coinbase", Venue::Kalshi));
}

}  // namespace
}  // namespace arbees
