// The Kalshi decoder against everything recorded: single frames by a table, whole sessions by their books.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "adapters/venue/kalshi/decoder.h"
#include "tests/support/zstd_file.h"

namespace arbees::kalshi {
namespace {

using testing_support::data_folder;
using testing_support::files_in;
using testing_support::lines_of;
using testing_support::read_file;

// The kinds of what came out, in order, each once: "instrument_named book_update".
std::string kinds_of(const DecodedFrame& decoded) {
  std::string kinds;
  std::string last;
  const auto append = [&](std::string kind) {
    if (kind == last) return;
    kinds += (kinds.empty() ? "" : " ") + kind;
    last = std::move(kind);
  };
  for (const std::string& line : lines_of(testing_support::text_of(decoded))) {
    const std::size_t first = line.find(' ');
    const bool is_anomaly = line.starts_with("anomaly ");
    append(is_anomaly ? line.substr(8, line.find(' ', 8) - 8) : line.substr(0, first));
  }
  return kinds;
}

std::string decode_kinds(std::string_view frame) {
  Decoder decoder;
  FrameBuffer buffer;
  DecodedFrame decoded;
  decoder.decode(buffer.assign(frame), from_unix_s(1'790'000'000), decoded);
  return kinds_of(decoded);
}

// By the beginning of the file's name; the longest wins.
const std::map<std::string, std::string, std::less<>> kExpected = {
    {"orderbookSnapshot__", "instrument_named book_update"},
    {"orderbookDelta__", "instrument_named book_faulted unknown_symbol"},  // no snapshot before it
    {"ticker__", "instrument_named contract_quote"},
    {"trade__", "instrument_named contract_trade"},
    {"fill__", "control"},
    {"userOrder__", "control"},
    {"marketPosition__", "control"},
    {"marketLifecycleV2__marketCreated", "instrument_named strike_updated contract_phase"},
    {"marketLifecycleV2__metadataUpdated.", "instrument_named strike_updated"},
    {"marketLifecycleV2__metadataUpdatedSubtitle", "control"},
    {"marketLifecycleV2__priceLevelStructureUpdated", "instrument_named price_grid"},
    {"multivariateMarketLifecycle__", "control"},
    {"eventLifecycle__", "control"},
    {"eventFeeUpdate__", "control"},
    {"cfbenchmarksValue__", "index_print"},
    {"cfbenchmarksIndexList__", "control"},
    {"cfbenchmarksUpdateSubscriptionCommand__", "unknown_message"},  // a command is not a message
    {"pythValue__", "control"},
    {"pythUnderlyingList__", "control"},
    {"pythUpdateSubscriptionCommand__", "unknown_message"},
    {"orderGroupUpdates__", "control"},
    {"quote", "control"},
    {"rfq", "control"},
    {"errorResponse__", "control"},
    {"okResponse__", "control"},
    {"subscribedResponse__", "control"},
    {"unsubscribedResponse__", "control"},
    {"listSubscriptionsResponse__", "control"},
    {"listSubscriptionsCommand__", "unknown_message"},
    {"subscribeCommand__", "unknown_message"},
    {"unsubscribeCommand__", "unknown_message"},
    {"updateSubscription", "unknown_message"},
    {"golden_", "unknown_message"},  // REST documents are no frames
    {"http_exchange_", "unknown_message"},
    {"rest_", "unknown_message"},
    {"ws_error", "control"},
    {"ws_subscribed", "control"},
    {"ws_orderbook_snapshot_", "instrument_named book_update"},
    {"ws_orderbook_delta_", "instrument_named book_faulted unknown_symbol"},
    {"ws_ticker_", "instrument_named contract_quote"},
};

TEST(KalshiRecorded, EverySingleFrameBecomesWhatTheTableSays) {
  for (const auto& path : files_in(data_folder() / "wire" / "kalshi", ".json")) {
    const std::string name = path.filename().string();
    const std::string* expected = nullptr;
    for (const auto& [prefix, kinds] : kExpected) {
      if (name.starts_with(prefix)) expected = &kinds;  // sorted: a longer prefix comes later
    }
    ASSERT_NE(expected, nullptr) << "no expectation for " << name;
    EXPECT_EQ(decode_kinds(read_file(path)), *expected) << name;
  }
}

// What follows `"key":` in a line of the recording, up to the line's last brace.
std::string_view raw_text_of(std::string& unescaped, std::string_view line) {
  const std::size_t begin = line.find("\"raw\": \"") + 8;
  unescaped.clear();
  for (std::size_t i = begin; i < line.size() && line[i] != '"'; ++i) {
    if (line[i] == '\\') {
      ++i;
      unescaped += line[i] == 'n' ? '\n' : line[i];
    } else {
      unescaped += line[i];
    }
  }
  return unescaped;
}

TEST(KalshiRecorded, ProductionFramesGiveEightBooksWithoutAnomaly) {
  Decoder decoder;
  FrameBuffer buffer;
  DecodedFrame decoded;
  std::string unescaped;
  std::map<std::string, int> frames;
  std::map<std::uint64_t, OrderBook> books;
  for (const auto& line :
       lines_of(read_file(data_folder() / "wire" / "kalshi" / "recorded" / "ws_frames_2026-04-18.jsonl"))) {
    decoded.clear();
    decoder.decode(buffer.assign(raw_text_of(unescaped, line)), from_unix_s(1'776'490'453), decoded);
    ++frames[kinds_of(decoded)];
    EXPECT_TRUE(decoded.anomalies.empty()) << line;
  }
  const std::map<std::string, int> expected = {
      {"control", 5}, {"instrument_named book_update", 8}, {"book_update", 61}};
  EXPECT_EQ(frames, expected);
}

// Books built from events as every consumer builds them.
class Books {
 public:
  void apply(const DecodedFrame& decoded) {
    for (const Event& event : decoded.events) {
      if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
        OrderBook& book = books_[update->id.value];
        if (update->is_snapshot_start()) book.begin_snapshot();
        if (book.apply(update->action, update->side, update->price, update->quantity) != BookFault::None) ++faults;
        if (update->is_snapshot() && update->is_last()) book.end_snapshot();
        ++updates;
      } else if (const auto* fault = std::get_if<BookFaulted>(&event.body)) {
        books_[fault->id.value].mark(fault->fault);
      } else if (const auto* quote = std::get_if<ContractQuote>(&event.body)) {
        compare(*quote);
      }
    }
  }
  [[nodiscard]] std::size_t proven() const {
    std::size_t count = 0;
    for (const auto& [id, book] : books_) count += book.status() == BookStatus::Proven ? 1u : 0u;
    return count;
  }

  int faults = 0;
  int updates = 0;
  int quotes = 0;
  int quotes_equal = 0;

 private:
  void compare(const ContractQuote& quote) {
    const OrderBook& book = books_[quote.id.value];
    if (book.status() != BookStatus::Proven) return;
    ++quotes;
    const Price bid = book.has_bid() ? book.best_bid() : kPriceZero;
    const Price ask = book.has_ask() ? book.best_ask() : kPriceOne;
    if (bid == quote.bid && ask == quote.ask) ++quotes_equal;
  }

  std::unordered_map<std::uint64_t, OrderBook> books_;
};

// A new connection is seen by its `ws_connected` line; the lines themselves are the frames with extra keys.
TEST(KalshiRecorded, FortySessionsRebuildWithoutGapOrNegativeLevel) {
  int sessions = 0;
  int quotes = 0;
  int quotes_equal = 0;
  int early_changes = 0;
  for (const auto& path : files_in(data_folder() / "kalshi-btc15m-l2", ".zst")) {
    Decoder decoder;
    FrameBuffer buffer;
    DecodedFrame decoded;
    Books books;
    bool has_snapshot = false;
    const std::string text = testing_support::read_zstd_file(path);
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string_view line(text.data() + begin, end - begin);
      begin = end + 1;
      decoded.clear();
      if (line.find(R"("type":"ws_connected")") != std::string_view::npos) {
        decoder.reset(from_unix_s(1), decoded);
      } else if (line.find(R"("type":"orderbook_)") != std::string_view::npos ||
                 line.find(R"("src":"kalshi","type":"ticker")") != std::string_view::npos) {
        decoder.decode(buffer.assign(line), from_unix_s(1), decoded);
      }
      books.apply(decoded);
      has_snapshot = has_snapshot || line.find(R"("type":"orderbook_snapshot")") != std::string_view::npos;
      // Some recordings begin in the middle of a connection: changes of a book that has no snapshot yet.
      for (const Anomaly& anomaly : decoded.anomalies) {
        EXPECT_EQ(anomaly.kind, AnomalyKind::UnknownSymbol) << path << " " << anomaly.detail;
        EXPECT_FALSE(has_snapshot) << line;
        ++early_changes;
      }
    }
    EXPECT_EQ(books.faults, 0) << path;
    EXPECT_GE(books.proven(), 1u) << path;
    ++sessions;
    quotes += books.quotes;
    quotes_equal += books.quotes_equal;
  }
  EXPECT_EQ(sessions, 41);
  EXPECT_GT(early_changes, 0);
  // The rest differ by the order of messages of two channels, as the recording's notes say.
  EXPECT_GT(quotes_equal * 100, quotes * 85) << quotes_equal << " of " << quotes;
}

}  // namespace
}  // namespace arbees::kalshi
