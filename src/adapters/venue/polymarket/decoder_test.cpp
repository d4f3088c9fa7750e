#include "adapters/venue/polymarket/decoder.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "adapters/venue/polymarket/book_hash.h"
#include "adapters/venue/polymarket/rtds_decoder.h"
#include "tests/support/decoding.h"
#include "tests/support/project_file.h"

namespace arbees::polymarket {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::decode_text;

std::string vectors() {
  return testing_support::read_file(std::filesystem::path(testing_support::project_file("")) / ".." / "shared" /
                                    "protocols" / "vendor" / "polymarket-book-hash-vectors.json");
}

// The object or array that begins after `"key":`, found by counting brackets.
std::string part_of(const std::string& text, const std::string& key) {
  std::size_t at = text.find("\"" + key + "\":");
  if (at == std::string::npos) throw std::runtime_error("no " + key + " in the vectors");
  at = text.find_first_of("{[", at);
  int depth = 0;
  for (std::size_t end = at; end < text.size(); ++end) {
    if (text[end] == '{' || text[end] == '[') ++depth;
    if ((text[end] == '}' || text[end] == ']') && --depth == 0) return text.substr(at, end + 1 - at);
  }
  return {};
}

// The objects of an array.
std::vector<std::string> elements_of(const std::string& array) {
  std::vector<std::string> elements;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t at = 0; at < array.size(); ++at) {
    if (array[at] == '{' || array[at] == '[') {
      if (++depth == 2) start = at;
    } else if (array[at] == '}' || array[at] == ']') {
      if (depth-- == 2) elements.push_back(array.substr(start, at + 1 - start));
    }
  }
  return elements;
}

class Books {
 public:
  // The kinds of the anomalies, each followed by a space.
  std::string play(std::string_view frame) {
    decoded_.clear();
    decoder.decode(buffer_.assign(frame), from_unix_s(1), decoded_);
    return take();
  }
  void reset() {
    decoded_.clear();
    decoder.reset(from_unix_s(1), decoded_);
    take();
  }
  std::string finish() {
    decoded_.clear();
    decoder.finish(from_unix_s(1), decoded_);
    return take();
  }
  const OrderBook& book(std::string_view token) {
    const std::uint64_t id = instrument_id(Venue::Polymarket, token).value;
    for (auto& [key, value] : books_) {
      if (key == id) return value;
    }
    return books_.emplace_back(id, OrderBook()).second;
  }

  Decoder decoder;

 private:
  std::string take() {
    for (const Event& event : decoded_.events) {
      if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
        OrderBook& book = of(update->id);
        if (update->is_snapshot_start()) book.begin_snapshot();
        book.apply(update->action, update->side, update->price, update->quantity);
        if (update->is_last()) book.end_snapshot();
      } else if (const auto* fault = std::get_if<BookFaulted>(&event.body)) {
        of(fault->id).mark(fault->fault);
      } else if (const auto* grid = std::get_if<PriceGridChanged>(&event.body)) {
        of(grid->id).set_grid(grid->grid);
      }
    }
    std::string kinds;
    for (const Anomaly& anomaly : decoded_.anomalies) kinds += std::string(anomaly_name(anomaly.kind)) + " ";
    return kinds;
  }
  OrderBook& of(InstrumentId id) {
    for (auto& [key, value] : books_) {
      if (key == id.value) return value;
    }
    return books_.emplace_back(id.value, OrderBook()).second;
  }

  FrameBuffer buffer_;
  DecodedFrame decoded_;
  std::vector<std::pair<std::uint64_t, OrderBook>> books_;
};

TEST(RecordedPolymarketBookHash, LiveRestBooksComeOut) {
  for (const char* name : {"rest_book_v1", "rest_book_v2"}) {
    SCOPED_TRACE(name);
    Books books;
    EXPECT_THAT(books.play(part_of(part_of(vectors(), name), "summary")), IsEmpty());
    EXPECT_EQ(books.decoder.hash_counts().snapshots_verified, 1U);
  }
}

// The Python SDK's vector lists its asks the wrong way round, so it is a text here and not a book.
TEST(PolymarketBookHash, PythonSdkVectorComesOut) {
  const Sha1Prefix prefix(
      R"({"market":"0xaabbcc","asset_id":"100","timestamp":"123456789","hash":"","bids":[{"price":"0.3","size":"100"},)"
      R"({"price":"0.4","size":"100"}],"asks":[{"price":"0.6","size":"100"},{"price":"0.7","size":"100"}],)"
      R"("min_order_size":"100","tick_size":"0.01","neg_risk":false,)");
  EXPECT_EQ(prefix.with(R"("last_trade_price":"0.5"})"), *parse_sha1("0458ea5755c9f73d64a14636fa5c36ed460ec394"));
  EXPECT_FALSE(parse_sha1("0458ea5755c9f73d64a14636fa5c36ed460ec39"));
  EXPECT_FALSE(parse_sha1("x458ea5755c9f73d64a14636fa5c36ed460ec394"));
}

// Two snapshots of one market and the changes after them, live of 2026-04-29.
struct Chain {
  std::string snapshots;
  std::vector<std::string> changes;
};

Chain live_chain() {
  const std::string text = part_of(vectors(), "ws_chain_2026_04_29");
  return Chain{part_of(text, "books"), elements_of(part_of(text, "price_changes"))};
}

constexpr std::string_view kUp = "91142423701454842861191578505872031960783126619422886989052065939254328921955";
constexpr std::string_view kDown = "27448765958169370376840659891253135070283440064149054119528661558586854112636";

TEST(RecordedPolymarketBookHash, EveryChangeOfALiveChainVerifies) {
  const Chain chain = live_chain();
  Books books;
  EXPECT_THAT(books.play(chain.snapshots), IsEmpty());
  for (const std::string& change : chain.changes) EXPECT_THAT(books.play(change), IsEmpty());
  EXPECT_THAT(books.finish(), IsEmpty());
  EXPECT_EQ(books.decoder.hash_counts().changes_verified, 2 * chain.changes.size());
  EXPECT_EQ(books.decoder.hash_counts().changes_unverified, 0U);
  EXPECT_EQ(books.book(kUp).status(), BookStatus::Proven);
  EXPECT_EQ(books.book(kDown).status(), BookStatus::Proven);
}

TEST(RecordedPolymarketBookHash, AnyLostChangeOfALiveChainIsNoticed) {
  const Chain chain = live_chain();
  ASSERT_GE(chain.changes.size(), 5U);
  for (std::size_t lost = 0; lost + 1 < chain.changes.size(); ++lost) {
    SCOPED_TRACE(lost);
    Books books;
    books.play(chain.snapshots);
    std::string anomalies;
    for (std::size_t i = 0; i < chain.changes.size(); ++i) {
      if (i != lost) anomalies += books.play(chain.changes[i]);
    }
    anomalies += books.finish();
    EXPECT_EQ(anomalies, "hash_mismatch hash_mismatch ");
    EXPECT_EQ(books.book(kUp).status(), BookStatus::Gap);
    EXPECT_EQ(books.book(kDown).status(), BookStatus::Gap);
    books.play(chain.snapshots);
    EXPECT_EQ(books.book(kUp).status(), BookStatus::Proven) << "a snapshot heals";
  }
}

TEST(RecordedPolymarketBookHash, SwappedChangesAreExplained) {
  Chain chain = live_chain();
  std::swap(chain.changes[1], chain.changes[2]);
  Books books;
  books.play(chain.snapshots);
  for (const std::string& change : chain.changes) EXPECT_THAT(books.play(change), IsEmpty());
  EXPECT_THAT(books.finish(), IsEmpty());
  EXPECT_EQ(books.book(kUp).status(), BookStatus::Proven);
}

TEST(RecordedPolymarketBookHash, CanBeSwitchedOff) {
  const Chain chain = live_chain();
  Books books;
  Decoder decoder(DecoderOptions{.verify_hash = false});
  decode_text(decoder, chain.snapshots);
  decode_text(decoder, chain.changes[3]);
  EXPECT_EQ(decoder.hash_counts().snapshots_verified + decoder.hash_counts().changes_unverified, 0U);
}

// A snapshot whose hash cannot come out, and changes that only state best prices.
constexpr std::string_view kOwnSnapshot =
    R"({"event_type":"book","asset_id":"7","market":"0xab","bids":[{"price":".48","size":"30"},{"price":"0.5","size":"15"}],)"
    R"("asks":[{"price":"0.54","size":"10"},{"price":"0.52","size":"25"}],"timestamp":"1790000000000","hash":"0x0","tick_size":"0.01"})";

std::string change(std::string_view price, std::string_view size, std::string_view side, std::string_view bid,
                   std::string_view ask) {
  std::string text =
      R"({"event_type":"price_change","market":"0xab","timestamp":"1790000000100","price_changes":[{"asset_id":"7","price":")";
  text.append(price).append(R"(","size":")").append(size).append(R"(","side":")").append(side);
  text.append(R"(","hash":"x","best_bid":")").append(bid).append(R"(","best_ask":")").append(ask).append("\"}]}");
  return text;
}

TEST(PolymarketBook, WithoutUsableHashBestPricesAreCompared) {
  Books books;
  EXPECT_THAT(books.play(kOwnSnapshot), IsEmpty());
  EXPECT_EQ(books.book("7").status(), BookStatus::Proven);
  EXPECT_THAT(books.play(change("0.51", "5", "BUY", "0.51", "0.52")), IsEmpty());
  EXPECT_THAT(books.play(change("0.4", "5", "BUY", "0.51", "0.53")), IsEmpty()) << "once may be the order of messages";
  EXPECT_EQ(books.play(change("0.41", "5", "BUY", "0.51", "0.53")), "sequence_gap ");
  EXPECT_EQ(books.book("7").status(), BookStatus::Gap);
}

TEST(PolymarketBook, SizesAreFlooredToHundredths) {
  Books books;
  books.play(kOwnSnapshot);
  books.play(change("0.51", "13.7999", "BUY", "0.51", "0.52"));
  EXPECT_EQ(books.book("7").quantity_at(BookSide::Bid, *Price::parse("0.51")), *Quantity::parse("13.79"));
  books.play(change("0.51", "0.004", "BUY", "0.51", "0.52"));
  EXPECT_EQ(books.book("7").best_bid(), *Price::parse("0.5")) << "too little to trade is not displayed";
}

TEST(PolymarketBook, TickChangeDiscardsTheBookUntilASnapshot) {
  Books books;
  books.play(kOwnSnapshot);
  EXPECT_EQ(
      books.play(
          R"({"event_type":"tick_size_change","asset_id":"7","market":"0xab","old_tick_size":"0.01","new_tick_size":"0.001","timestamp":"1790000000050"})"),
      "tick_size_change ");
  EXPECT_EQ(books.book("7").status(), BookStatus::Unproven);
  EXPECT_THAT(books.play(change("0.511", "5", "BUY", "0.511", "0.52")), IsEmpty());
  EXPECT_FALSE(books.book("7").quantity_at(BookSide::Bid, *Price::parse("0.511")).is_positive());
  std::string snapshot(kOwnSnapshot);
  snapshot.replace(snapshot.find("\"0.01\""), 6, "\"0.001\"");
  EXPECT_THAT(books.play(snapshot), IsEmpty());
  EXPECT_EQ(books.book("7").status(), BookStatus::Proven);
}

TEST(PolymarketBook, ImpossiblePricesMakeItUnproven) {
  for (const auto& [price, kind] :
       {std::pair{"0.515", "price_off_tick "}, std::pair{"1.2", "out_of_range "}, std::pair{"0", "out_of_range "},
        std::pair{"-0.5", "out_of_range "}, std::pair{"0.12345", "price_off_tick "}, std::pair{"abc", "malformed "}}) {
    SCOPED_TRACE(price);
    Books books;
    books.play(kOwnSnapshot);
    EXPECT_EQ(books.play(change(price, "5", "BUY", "0.5", "0.52")), kind);
    EXPECT_EQ(books.book("7").status(), BookStatus::Unproven);
  }
}

TEST(PolymarketBook, ChangesOlderThanTheSnapshotAreIgnored) {
  Books books;
  books.play(kOwnSnapshot);
  std::string old = change("0.51", "5", "BUY", "0.51", "0.52");
  old.replace(old.find("1790000000100"), 13, "1789999999999");
  EXPECT_EQ(books.play(old), "out_of_order ");
  EXPECT_EQ(books.book("7").best_bid(), *Price::parse("0.5"));
  EXPECT_EQ(books.book("7").status(), BookStatus::Proven);
}

TEST(PolymarketTrade, AveragePricesAreCutAndImpossibleOnesRefused) {
  const auto trade = [](std::string_view price) {
    Decoder decoder;
    return decode_text(decoder, R"({"event_type":"last_trade_price","asset_id":"7","price":")" + std::string(price) +
                                    R"(","size":"5","side":"SELL","timestamp":"1790000000000"})");
  };
  EXPECT_THAT(trade("0.456789"), HasSubstr("0.4567"));
  for (const char* price : {"5.00001", "1.00001", "-0.00001", "0.00001"}) {
    EXPECT_THAT(trade(price), HasSubstr("anomaly out_of_range")) << price;
  }
}

TEST(PolymarketBook, NothingIsKnownOnANewConnection) {
  Books books;
  books.play(kOwnSnapshot);
  books.reset();
  EXPECT_EQ(books.book("7").status(), BookStatus::Stale);
  EXPECT_EQ(books.play(change("0.51", "5", "BUY", "0.51", "0.52")), "unknown_symbol ");
}

TEST(PolymarketDecoder, GoldenFiles) {
  testing_support::check_golden("polymarket", [] { return std::make_unique<Decoder>(); });
}

TEST(PolymarketDecoder, NoPrefixOfAFrameIsTakenForAFrame) {
  const std::string two = "[" + std::string(kOwnSnapshot) + "," + change("0.51", "5", "BUY", "0.51", "0.52") + "]";
  for (const std::string& frame : {std::string(kOwnSnapshot), two}) {
    for (std::size_t length = 0; length < frame.size(); ++length) {
      Decoder decoder;
      EXPECT_THAT(decode_text(decoder, frame.substr(0, length)), HasSubstr("anomaly malformed")) << length;
    }
  }
}

TEST(PolymarketRtds, ControlFramesAreUnderstood) {
  RtdsDecoder decoder;
  EXPECT_EQ(decode_text(decoder, "PONG"), "control\n");
}

}  // namespace
}  // namespace arbees::polymarket
