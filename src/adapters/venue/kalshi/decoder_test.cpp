#include "adapters/venue/kalshi/decoder.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "tests/support/decoding.h"

namespace arbees::kalshi {
namespace {

using testing_support::decode_text;

constexpr std::string_view kSnapshot =
    R"({"type":"orderbook_snapshot","sid":1,"seq":1,"msg":{"market_ticker":"AAA","yes_dollars_fp":[["0.4000","5.00"]],"no_dollars_fp":[["0.5500","7.00"]]}})";

std::string delta(int sequence, std::string_view side = "no") {
  return R"({"type":"orderbook_delta","sid":1,"seq":)" + std::to_string(sequence) +
         R"(,"msg":{"market_ticker":"AAA","price_dollars":"0.5500","delta_fp":"1.00","side":")" + std::string(side) +
         R"(","ts_ms":1790000000000}})";
}

DecodedFrame decode(FrameDecoder& decoder, std::string_view frame) {
  FrameBuffer buffer;
  DecodedFrame decoded;
  decoder.decode(buffer.assign(frame), from_unix_s(1), decoded);
  return decoded;
}

const BookUpdate& last_update(const DecodedFrame& decoded) { return std::get<BookUpdate>(decoded.events.back().body); }

TEST(KalshiDecoder, DecodesEveryMessageKindAsTheGoldenFilesSay) {
  testing_support::check_golden("kalshi", [] { return std::make_unique<Decoder>(); });
}

TEST(KalshiDecoder, PutsTheNoSideIntoTheYesFrameUnlessTheVenueDidAlready) {
  Decoder no_prices;
  EXPECT_EQ(last_update(decode(no_prices, kSnapshot)).price, Price::from_units(4500));
  EXPECT_EQ(last_update(decode(no_prices, delta(2))).price, Price::from_units(4500));
  Decoder yes_prices({.use_yes_price = true});
  EXPECT_EQ(last_update(decode(yes_prices, kSnapshot)).price, Price::from_units(5500));
  EXPECT_EQ(last_update(decode(yes_prices, delta(2))).price, Price::from_units(5500));
  EXPECT_EQ(last_update(decode(yes_prices, delta(3))).side, BookSide::Ask);
}

TEST(KalshiDecoder, ANewConnectionBelievesNothingUntilTheNextSnapshot) {
  Decoder decoder;
  decode(decoder, kSnapshot);
  DecodedFrame told;
  decoder.reset(from_unix_s(1), told);
  ASSERT_EQ(told.events.size(), 1u);
  EXPECT_EQ(std::get<BookFaulted>(told.events[0].body).fault, BookFault::Disconnected);
  EXPECT_NE(decode_text(decoder, delta(900)).find("anomaly unknown_symbol"), std::string::npos);
  decode(decoder, R"({"type":"orderbook_snapshot","sid":1,"seq":901,"msg":{"market_ticker":"AAA"}})");
  const DecodedFrame change = decode(decoder, delta(902));
  EXPECT_EQ(last_update(change).action, BookAction::Add);
  EXPECT_TRUE(change.anomalies.empty());
}

TEST(KalshiDecoder, NamesAnInstrumentOnce) {
  Decoder decoder;
  EXPECT_TRUE(std::holds_alternative<InstrumentNamed>(decode(decoder, kSnapshot).events.front().body));
  decoder.reset();
  EXPECT_FALSE(std::holds_alternative<InstrumentNamed>(decode(decoder, kSnapshot).events.front().body));
}

TEST(KalshiDecoder, RecordingsWithoutSubscriptionCountByChannel) {
  Decoder decoder;
  const auto without_sid = [](std::string text) { return text.erase(text.find(R"("sid":1,)"), 8); };
  decode(decoder, without_sid(std::string(kSnapshot)));
  EXPECT_TRUE(decode(decoder, without_sid(delta(2))).anomalies.empty());
  const std::string trade =
      R"({"type":"trade","seq":70,"msg":{"market_ticker":"AAA","yes_price_dollars":"0.5","count_fp":"1","taker_book_side":"bid"}})";
  EXPECT_TRUE(decode(decoder, trade).anomalies.empty());
  const DecodedFrame gap = decode(decoder, without_sid(delta(4)));
  ASSERT_EQ(gap.anomalies.size(), 1u);
  EXPECT_EQ(gap.anomalies[0].kind, AnomalyKind::SequenceGap);
  EXPECT_EQ(gap.anomalies[0].detail, "expected 3, got 4");
  EXPECT_EQ(gap.anomalies[0].symbol, "AAA");
}

TEST(KalshiDecoder, ABookMessageWithoutItsNumberIsNotPlaced) {
  Decoder decoder;
  decode(decoder, kSnapshot);
  std::string unnumbered = delta(2);
  unnumbered.erase(unnumbered.find(R"("seq":2,)"), 8);
  const std::string text = decode_text(decoder, unnumbered);
  EXPECT_NE(text.find("malformed"), std::string::npos) << text;
}

TEST(KalshiDecoder, HandsOwnFillsAndOrdersToTheSink) {
  struct Sink final : PrivateMessageSink {
    void on_fill(const Fill& fill, Timestamp) override {
      EXPECT_EQ(fill.client_order_id, "c1");
      EXPECT_EQ(fill.yes_price, Price::from_units(7500));
      EXPECT_EQ(fill.count, Quantity::from_units(250));
      EXPECT_EQ(fill.fee, Money::from_units(32813));
      EXPECT_EQ(fill.position_after, Quantity::from_units(-250));
      EXPECT_EQ(fill.side, BookSide::Ask);
      EXPECT_TRUE(fill.is_taker && fill.has_fee && fill.has_position);
      ++fills;
    }
    void on_user_order(const UserOrder& order, Timestamp) override {
      EXPECT_EQ(order.status, UserOrderStatus::Executed);
      EXPECT_EQ(order.fill_cost, Money::from_units(3'500'000));
      EXPECT_EQ(order.fees, Money::from_units(159'250));
      EXPECT_EQ(order.last_update_reason, "Trade");
      ++orders;
    }
    int fills = 0;
    int orders = 0;
  } sink;
  Decoder decoder;
  decoder.set_private_sink(&sink);
  for (const auto& frame : testing_support::lines_of(
           testing_support::read_file(testing_support::golden_folder("kalshi") / "private_and_other.frames"))) {
    decode(decoder, frame);
  }
  EXPECT_EQ(sink.fills, 1) << "the other one is malformed";
  EXPECT_EQ(sink.orders, 1);
}

TEST(KalshiDecoder, ReadsBooksOfTheRestInterface) {
  const auto rest = [](std::string_view json) {
    Decoder decoder;
    FrameBuffer buffer;
    DecodedFrame decoded;
    decoder.decode_rest_orderbook("KXTEST", buffer.assign(json), from_unix_s(1), decoded);
    return testing_support::text_of(decoded);
  };
  const std::string both = rest(
      R"({"orderbook_fp":{"no_dollars":[["0.7000","11.00"],["0.7100","25.00"]],"yes_dollars":[["0.2700","31.54"]]}})");
  EXPECT_NE(both.find("set bid 0.2700 31.54"), std::string::npos) << both;
  EXPECT_NE(both.find("set ask 0.2900 25.00 flags=snapshot|last"), std::string::npos) << both;
  const std::string cents = rest(R"({"orderbook":{"yes":[[27,31]],"no":null,"yes_dollars":null,"no_dollars":null}})");
  EXPECT_NE(cents.find("set bid 0.2700 31.00 flags=snapshot|last"), std::string::npos) << cents;
  const std::string empty = rest(R"({"orderbook":{"no":null,"no_dollars":null,"yes":null,"yes_dollars":null}})");
  EXPECT_NE(empty.find("clear bid 0.0000 0.00 flags=start|snapshot|last"), std::string::npos) << empty;
  EXPECT_NE(rest(R"({"error":{"code":"not_found"}})").find("unknown_message"), std::string::npos);
  EXPECT_NE(rest(R"({"orderbook_fp":{"yes_dollars":[["2.0","1"]]}})").find("out_of_range"), std::string::npos);
}

TEST(KalshiDecoder, SurvivesHugeDeepAndBinaryFrames) {
  Decoder decoder;
  decode(decoder, kSnapshot);
  const std::string head = R"({"type":"orderbook_delta","sid":1,"seq":2,"msg":{"market_ticker":"AAA","x":)";
  for (const std::string& frame : {head + std::string(2 << 20, '[') + "}}", head + std::string(2 << 20, '1') + "}}",
                                   std::string(1000, '\0'), head + "\"" + std::string(3 << 20, 'a') + "\"}}",
                                   std::string("\xff\xfe\x00{}", 5), std::string("{\"type\":\"\xc3\x28\"}")}) {
    EXPECT_EQ(decode(decoder, frame).anomalies.size(), 1u);
  }
  // Two of them were JSON with a number; the unreadable ones did not count.
  EXPECT_TRUE(decode(decoder, delta(3)).anomalies.empty());
}

}  // namespace
}  // namespace arbees::kalshi
