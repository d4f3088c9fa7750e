#include "adapters/venue/kraken/decoder.h"

#include <gmock/gmock.h>

#include "adapters/venue/kraken/checksum.h"
#include "core/market/spot_book.h"
#include "tests/support/decoding.h"

namespace arbees::kraken {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::decode_text;

// The example of the vendor's checksum page.
constexpr std::string_view kSnapshot =
    R"({"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":0.10000000},)"
    R"({"price":45283.4,"qty":1.54582015},{"price":45282.1,"qty":0.10000000},{"price":45281.0,"qty":0.10000000},)"
    R"({"price":45280.3,"qty":1.54592586},{"price":45279.0,"qty":0.07990000},{"price":45277.6,"qty":0.03310103},)"
    R"({"price":45277.5,"qty":0.30000000},{"price":45277.3,"qty":1.54602737},{"price":45276.6,"qty":0.15445238}],)"
    R"("asks":[{"price":45285.2,"qty":0.00100000},{"price":45286.4,"qty":1.54571953},{"price":45286.6,"qty":1.54571109},)"
    R"({"price":45289.6,"qty":1.54560911},{"price":45290.2,"qty":0.15890660},{"price":45291.8,"qty":1.54553491},)"
    R"({"price":45294.7,"qty":0.04454749},{"price":45296.1,"qty":0.35380000},{"price":45297.5,"qty":0.09945542},)"
    R"({"price":45299.5,"qty":0.18772827}],"checksum":3310070434,"timestamp":"2023-10-06T17:35:55.440295Z"}]})";
constexpr std::string_view kBidUpdate =
    R"({"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":0},)"
    R"({"price":45275.0,"qty":0.50000000}],"asks":[],"checksum":2464679375,"timestamp":"2023-10-06T17:35:56.440295Z"}]})";
constexpr std::string_view kAskUpdate =
    R"({"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[],"asks":[{"price":45284.0,"qty":0.25000000}],)"
    R"("checksum":1864815107,"timestamp":"2023-10-06T17:35:57.440295Z"}]})";

class Book {
 public:
  std::string play(std::string_view frame) {
    FrameBuffer buffer;
    DecodedFrame decoded;
    decoder.decode(buffer.assign(frame), from_unix_s(1), decoded);
    return take(decoded);
  }
  void reset() {
    DecodedFrame decoded;
    decoder.reset(from_unix_s(1), decoded);
    take(decoded);
  }

  Decoder decoder;
  SpotBook book;

 private:
  std::string take(const DecodedFrame& decoded) {
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
};

TEST(KrakenChecksum, Crc32OfTheStandardCheckText) { EXPECT_EQ(crc32("123456789"), 0xcbf43926U); }

TEST(KrakenDecoder, ChecksumOfTheVendorsExampleComesOut) {
  Book book;
  EXPECT_THAT(book.play(kSnapshot), IsEmpty());
  EXPECT_EQ(book.book.status(), BookStatus::Proven);
  EXPECT_THAT(book.play(kBidUpdate), IsEmpty());
  EXPECT_THAT(book.play(kAskUpdate), IsEmpty());
  EXPECT_EQ(book.book.status(), BookStatus::Proven);
}

TEST(KrakenDecoder, LevelsBeyondTheDepthAreRemoved) {
  Book book;
  for (const std::string_view frame : {kSnapshot, kBidUpdate, kAskUpdate}) book.play(frame);
  EXPECT_EQ(book.book.level_count(BookSide::Ask), 10U);
  EXPECT_EQ(book.book.best_ask().price, *SpotPrice::parse("45284"));
  EXPECT_TRUE(book.book.quantity_at(BookSide::Ask, *SpotPrice::parse("45299.5")).is_zero());
}

TEST(KrakenDecoder, ALostUpdateShowsInTheNextChecksum) {
  Book book;
  book.play(kSnapshot);
  EXPECT_EQ(book.play(kAskUpdate), "hash_mismatch ");
  EXPECT_EQ(book.book.status(), BookStatus::Gap);
  EXPECT_THAT(book.play(kSnapshot), IsEmpty());
  EXPECT_EQ(book.book.status(), BookStatus::Proven);
}

TEST(KrakenDecoder, PrecisionComesFromTheInstrumentChannel) {
  // The same numbers without their trailing zeros: only the precision can restore them.
  std::string bare(kSnapshot);
  for (const auto& [from, to] : {std::pair{"0.10000000", "0.1"}, std::pair{"0.35380000", "0.3538"},
                                 std::pair{"0.00100000", "0.001"}, std::pair{"45281.0", "45281"}}) {
    for (std::size_t at = bare.find(from); at != std::string::npos; at = bare.find(from)) {
      bare.replace(at, std::string_view(from).size(), to);
    }
  }
  Book told;
  told.play(
      R"({"channel":"instrument","type":"snapshot","data":{"assets":[],"pairs":[{"symbol":"BTC/USD","price_precision":1,"qty_precision":8}]}})");
  EXPECT_THAT(told.play(bare), IsEmpty());
  Book untold;
  EXPECT_THAT(untold.play(bare), IsEmpty()) << "a snapshot teaches the precision that its checksum proves";
  EXPECT_THAT(untold.play(kBidUpdate), IsEmpty());
}

TEST(KrakenDecoder, UpdateWithoutSnapshotIsRefused) {
  Book book;
  EXPECT_EQ(book.play(kAskUpdate), "unknown_symbol ");
  book.play(kSnapshot);
  book.reset();
  EXPECT_EQ(book.book.status(), BookStatus::Stale);
  EXPECT_EQ(book.play(kAskUpdate), "unknown_symbol ") << "nothing is known of a book on a new connection";
}

TEST(KrakenDecoder, GoldenFiles) {
  testing_support::check_golden("kraken", [] { return std::make_unique<Decoder>(); });
}

TEST(KrakenDecoder, NoPrefixOfAFrameIsTakenForAFrame) {
  for (const std::string_view frame : {kSnapshot, kBidUpdate}) {
    for (std::size_t length = 0; length < frame.size(); ++length) {
      Decoder decoder;
      EXPECT_THAT(decode_text(decoder, frame.substr(0, length)), HasSubstr("anomaly malformed")) << length;
    }
  }
}

}  // namespace
}  // namespace arbees::kraken
