// The fast scan must never say anything else than the general reader: on recorded frames and on broken ones.

#include "adapters/venue/kalshi/delta_scan.h"

#include <gtest/gtest.h>

#include <string>

#include "adapters/venue/kalshi/decoder.h"
#include "core/base/random.h"
#include "tests/support/zstd_file.h"

namespace arbees::kalshi {
namespace {

const std::string kSnapshot =
    R"({"type":"orderbook_snapshot","sid":2,"seq":1,"msg":{"market_ticker":"KXBTC15M-26NOV221715-15","yes_dollars_fp":[["0.4600","5.00"]]}})";
const std::string kDelta =
    R"({"type":"orderbook_delta","sid":2,"seq":2,"msg":{"market_ticker":"KXBTC15M-26NOV221715-15","market_id":"aef1d57b-e4d1-41be-9d56-4d6270ff9108","price_dollars":"0.4600","delta_fp":"-3.25","side":"yes","ts":"2026-11-22T22:01:02.345678Z","ts_ms":1795384862345},"sending_ts_ms":1795384862346})";

bool scans(std::string_view frame) {
  FrameBuffer buffer;
  ScannedDelta delta;
  return scan_delta(buffer.assign(frame), delta);
}

// Both decoders see the same frames; returns what each said of the last one.
class Pair {
 public:
  void expect_same(std::string_view frame) {
    scanned_.clear();
    general_.clear();
    with_scan_.decode(buffer_.assign(frame), from_unix_s(1), scanned_);
    without_scan_.decode(buffer_.assign(frame), from_unix_s(1), general_);
    EXPECT_EQ(testing_support::text_of(scanned_), testing_support::text_of(general_)) << frame;
  }

 private:
  FrameBuffer buffer_;
  Decoder with_scan_;
  Decoder without_scan_{{.scan_deltas = false}};
  DecodedFrame scanned_;
  DecodedFrame general_;
};

TEST(KalshiDeltaScan, ReadsTheFormThatTheVenueSends) {
  FrameBuffer buffer;
  ScannedDelta delta;
  ASSERT_TRUE(scan_delta(buffer.assign(kDelta + "\n"), delta));
  EXPECT_EQ(delta.ticker, "KXBTC15M-26NOV221715-15");
  EXPECT_EQ(delta.sid, 2u);
  EXPECT_EQ(delta.sequence, 2u);
  EXPECT_EQ(delta.price, Price::from_units(4600));
  EXPECT_EQ(delta.change, Quantity::from_units(-325));
  EXPECT_EQ(delta.side, BookSide::Bid);
  EXPECT_EQ(delta.exchange_at, from_unix_ms(1795384862345));
}

TEST(KalshiDeltaScan, LeavesEverythingUnusualToTheGeneralReader) {
  EXPECT_TRUE(scans(kDelta));
  EXPECT_FALSE(scans(""));
  EXPECT_FALSE(scans(kSnapshot));
  EXPECT_FALSE(scans(kDelta + "x"));
  for (std::size_t length = 0; length < kDelta.size(); ++length) EXPECT_FALSE(scans(kDelta.substr(0, length)));
  // What stands behind the frame is not part of it, even if it would complete it.
  for (std::size_t length = 0; length < kDelta.size(); ++length) {
    const std::string whole = kDelta + std::string(kFramePadding, '0');
    ScannedDelta delta;
    EXPECT_FALSE(scan_delta(std::string_view(whole).substr(0, length), delta)) << length;
  }
}

TEST(KalshiDeltaScan, SaysTheSameAsTheGeneralReaderOnBrokenFrames) {
  constexpr std::string_view kInserted = "{}[]\",:\\0129.-e \x01\xc3ntyss";
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    Random random(seed);
    std::string frame = kDelta;
    for (std::uint64_t edits = 1 + random.below(3); edits > 0; --edits) {
      const std::size_t position = random.below(frame.size());
      const char inserted = kInserted[random.below(kInserted.size())];
      if (random.chance(1, 3)) {
        frame[position] = inserted;
      } else if (random.chance(1, 2)) {
        frame.erase(position, 1 + random.below(4));
      } else {
        frame.insert(position, 1, inserted);
      }
    }
    Pair pair;
    pair.expect_same(kSnapshot);
    pair.expect_same(frame);
    pair.expect_same(kDelta);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(KalshiDeltaScan, SaysTheSameAsTheGeneralReaderOnARecordedSession) {
  const auto path = testing_support::data_folder() / "kalshi-btc15m-l2" / "20260513T162629Z.jsonl.zst";
  Pair pair;
  int scanned = 0;
  for (const std::string& line : testing_support::lines_of(testing_support::read_zstd_file(path))) {
    const std::size_t type = line.find(R"("type":"orderbook_)");
    if (type == std::string::npos) continue;
    // The recording left the subscription out and put its own keys first.
    std::string frame = "{" + line.substr(type);
    frame.insert(frame.find(R"("seq":)"), R"("sid":2,)");
    scanned += scans(frame) ? 1 : 0;
    pair.expect_same(frame);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(scanned, 50'000);
}

}  // namespace
}  // namespace arbees::kalshi
