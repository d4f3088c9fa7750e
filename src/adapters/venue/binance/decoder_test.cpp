#include "adapters/venue/binance/decoder.h"

#include <gmock/gmock.h>

#include "core/market/spot_book.h"
#include "tests/support/decoding.h"

namespace arbees::binance {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::decode_text;

// One pair's book from what the decoder gives.
class Book {
 public:
  // The kinds of the anomalies, each followed by a space.
  std::string play(std::string_view frame) {
    FrameBuffer buffer;
    DecodedFrame decoded;
    decoder.decode(buffer.assign(frame), from_unix_s(1), decoded);
    for (const Event& event : decoded.events) {
      if (const auto* update = std::get_if<SpotBookUpdate>(&event.body)) {
        if (update->is_snapshot_start()) book.begin_snapshot();
        book.apply(update->action, update->side, update->price, update->quantity);
        if (update->is_last()) book.end_snapshot();
      } else if (const auto* fault = std::get_if<BookFaulted>(&event.body)) {
        book.mark(fault->fault);
      }
    }
    std::string kinds;
    for (const Anomaly& anomaly : decoded.anomalies) kinds += std::string(anomaly_name(anomaly.kind)) + " ";
    return kinds;
  }
  std::string update(std::uint64_t first, std::uint64_t last, std::string_view bids) {
    return play(R"({"e":"depthUpdate","E":1672515782136,"s":"BTCUSDT","U":)" + std::to_string(first) +
                ",\"u\":" + std::to_string(last) + ",\"b\":" + std::string(bids) + ",\"a\":[]}");
  }
  std::string snapshot(std::uint64_t id, std::string_view bids) {
    return play("{\"lastUpdateId\":" + std::to_string(id) + ",\"bids\":" + std::string(bids) +
                R"(,"asks":[["200.0","1"]]})");
  }
  std::int64_t bid_units() const { return book.has_bid() ? book.best_bid().price.units() : 0; }

  Decoder decoder;
  SpotBook book;
};

constexpr std::int64_t kUnit = SpotPrice::kScale;

TEST(BinanceLocalBook, UpdatesBeforeTheSnapshotAreKeptAndAppliedAfterIt) {
  Book book;
  EXPECT_THAT(book.update(8, 10, R"([["90","1"]])"), IsEmpty());
  EXPECT_THAT(book.update(11, 12, R"([["110","1"]])"), IsEmpty());
  EXPECT_EQ(book.book.status(), BookStatus::Unproven);
  EXPECT_THAT(book.snapshot(10, R"([["100","1"]])"), IsEmpty());
  EXPECT_EQ(book.book.status(), BookStatus::Proven);
  EXPECT_EQ(book.bid_units(), 110 * kUnit);
  EXPECT_EQ(book.book.level_count(BookSide::Bid), 2U) << "the update that the snapshot has is dropped";
}

TEST(BinanceLocalBook, FirstUpdateMayBeginExactlyAfterTheSnapshot) {
  Book book;
  book.update(11, 12, R"([["110","1"]])");
  EXPECT_THAT(book.snapshot(10, "[]"), IsEmpty());
  EXPECT_EQ(book.book.status(), BookStatus::Proven);
}

TEST(BinanceLocalBook, SnapshotOlderThanTheKeptUpdatesProvesNothing) {
  Book book;
  book.update(15, 16, R"([["110","1"]])");
  EXPECT_EQ(book.snapshot(10, "[]"), "sequence_gap ");
  EXPECT_EQ(book.book.status(), BookStatus::Unproven);
  EXPECT_THAT(book.snapshot(15, "[]"), IsEmpty());
  EXPECT_EQ(book.book.status(), BookStatus::Proven);
}

TEST(BinanceLocalBook, LostUpdateIsAGapUntilTheNextSnapshot) {
  Book book;
  book.update(499869750, 499869752, "[]");
  book.snapshot(499869752, R"([["100","1"]])");
  EXPECT_EQ(book.update(499869755, 499869757, R"([["101","1"]])"), "sequence_gap ");
  EXPECT_EQ(book.book.status(), BookStatus::Gap);
  EXPECT_THAT(book.update(499869758, 499869759, R"([["102","1"]])"), IsEmpty());
  EXPECT_EQ(book.bid_units(), 100 * kUnit) << "nothing is applied on a guess";
  EXPECT_THAT(book.snapshot(499869757, R"([["100.5","1"]])"), IsEmpty());
  EXPECT_EQ(book.book.status(), BookStatus::Proven);
  EXPECT_EQ(book.bid_units(), 102 * kUnit) << "what was kept since the gap is applied";
}

TEST(BinanceLocalBook, ALossAmongUpdatesWithoutSnapshotIsReportedToo) {
  Book book;
  book.update(499869750, 499869752, "[]");
  EXPECT_EQ(book.update(499869755, 499869757, "[]"), "sequence_gap ");
}

TEST(BinanceLocalBook, OldUpdatesAndOldSnapshotsAreIgnored) {
  Book book;
  book.update(8, 10, "[]");
  book.snapshot(10, R"([["100","1"]])");
  EXPECT_THAT(book.update(9, 10, R"([["150","1"]])"), IsEmpty()) << "the snapshot has it";
  EXPECT_THAT(book.update(11, 12, R"([["101","1"]])"), IsEmpty());
  EXPECT_EQ(book.update(11, 12, R"([["150","1"]])"), "out_of_order ");
  EXPECT_EQ(book.snapshot(11, R"([["150","1"]])"), "out_of_order ");
  EXPECT_EQ(book.bid_units(), 101 * kUnit);
  EXPECT_EQ(book.book.status(), BookStatus::Proven);
}

TEST(BinanceLocalBook, KeptUpdatesAreBounded) {
  Book book;
  std::string kinds;
  for (std::uint64_t id = 1; id <= 4097; ++id) kinds += book.update(id, id, "[]");
  EXPECT_EQ(kinds, "unknown_symbol ");
  EXPECT_EQ(book.snapshot(10, "[]"), "sequence_gap ") << "the updates after it are forgotten";
  EXPECT_THAT(book.snapshot(4096, "[]"), IsEmpty());
}

TEST(BinanceLocalBook, DamagedUpdateMakesTheBookUnproven) {
  Book book;
  book.update(8, 10, "[]");
  book.snapshot(10, R"([["100","1"]])");
  EXPECT_EQ(book.update(11, 12, R"([["x","1"]])"), "malformed ");
  EXPECT_EQ(book.book.status(), BookStatus::Unproven);
}

TEST(BinanceSnapshot, BelongsToTheFirstSymbolWhenItComesBeforeAny) {
  Book book;
  EXPECT_THAT(book.snapshot(10, R"([["100","1"]])"), IsEmpty());
  EXPECT_THAT(book.update(11, 12, R"([["101","1"]])"), IsEmpty());
  EXPECT_EQ(book.book.status(), BookStatus::Proven);
  EXPECT_EQ(book.bid_units(), 101 * kUnit);
}

TEST(BinanceSnapshot, IsRefusedWhenItCouldBelongToSeveralSymbols) {
  Book book;
  book.play(R"({"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"})");
  book.play(R"({"u":1,"s":"ETHUSDT","b":"1","B":"1","a":"2","A":"1"})");
  EXPECT_EQ(book.snapshot(10, "[]"), "unknown_symbol ");
  book.decoder.set_snapshot_symbol("BTCUSDT");
  EXPECT_THAT(book.snapshot(10, "[]"), IsEmpty());
}

TEST(BinanceSnapshot, OfARecordingSaysWhoseItIs) {
  Book book;
  book.play(R"({"u":1,"s":"ETHUSDT","b":"1","B":"1","a":"2","A":"1"})");
  EXPECT_THAT(book.update(11, 12, R"([["110","1"]])"), IsEmpty());
  EXPECT_THAT(
      book.play(R"({"stream":"btcusdt@rest","data":{"lastUpdateId":10,"bids":[["100","1"]],"asks":[["200.0","1"]]}})"),
      IsEmpty());
  EXPECT_EQ(book.book.status(), BookStatus::Proven);
  EXPECT_EQ(book.bid_units(), 110 * kUnit);
}

TEST(BinanceSnapshot, WithoutAnySymbolIsReportedAtTheEnd) {
  Book book;
  book.snapshot(10, "[]");
  DecodedFrame decoded;
  book.decoder.finish(from_unix_s(1), decoded);
  ASSERT_EQ(decoded.anomalies.size(), 1U);
  EXPECT_EQ(decoded.anomalies[0].kind, AnomalyKind::UnknownSymbol);
}

TEST(BinanceDecoder, GoldenFiles) {
  testing_support::check_golden("binance", [] { return std::make_unique<Decoder>(); });
}

TEST(BinanceDecoder, NoPrefixOfAFrameIsTakenForAFrame) {
  const std::string_view frame =
      R"({"stream":"btcusdt@depth","data":{"e":"depthUpdate","E":1672515782136,"s":"BTCUSDT","U":1,"u":2,"b":[["1","2"]],"a":[]}})";
  for (std::size_t length = 0; length < frame.size(); ++length) {
    Decoder decoder;
    EXPECT_THAT(decode_text(decoder, frame.substr(0, length)), HasSubstr("anomaly malformed")) << length;
  }
}

}  // namespace
}  // namespace arbees::binance
