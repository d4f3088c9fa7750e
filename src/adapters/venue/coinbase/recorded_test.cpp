// The Coinbase decoder against everything recorded: single frames by a table, a session by its books.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <string>

#include "adapters/venue/coinbase/decoder.h"
#include "tests/support/zstd_file.h"

namespace arbees::coinbase {
namespace {

using testing_support::data_folder;
using testing_support::files_in;
using testing_support::lines_of;
using testing_support::read_file;

struct Counts {
  int named = 0;
  int book_updates = 0;
  int quotes = 0;
  int trades = 0;
  int faults = 0;
  int anomalies = 0;
  int control = 0;

  bool operator==(const Counts&) const = default;
};

void count(const DecodedFrame& decoded, Counts& counts) {
  for (const Event& event : decoded.events) {
    counts.named += std::holds_alternative<InstrumentNamed>(event.body) ? 1 : 0;
    counts.book_updates += std::holds_alternative<SpotBookUpdate>(event.body) ? 1 : 0;
    counts.quotes += std::holds_alternative<SpotQuote>(event.body) ? 1 : 0;
    counts.trades += std::holds_alternative<SpotTrade>(event.body) ? 1 : 0;
    counts.faults += std::holds_alternative<BookFaulted>(event.body) ? 1 : 0;
  }
  counts.anomalies += static_cast<int>(decoded.anomalies.size());
  counts.control += decoded.is_control ? 1 : 0;
}

std::ostream& operator<<(std::ostream& out, const Counts& counts) {
  return out << "named " << counts.named << " book_updates " << counts.book_updates << " quotes " << counts.quotes
             << " trades " << counts.trades << " faults " << counts.faults << " anomalies " << counts.anomalies
             << " control " << counts.control;
}

const std::map<std::string, Counts, std::less<>> kExpected = {
    {"nautilus_http_accounts.json", {.anomalies = 1}},  // REST documents are no frames
    {"nautilus_http_candles.json", {.anomalies = 1}},
    {"nautilus_http_fills.json", {.anomalies = 1}},
    {"nautilus_http_order.json", {.anomalies = 1}},
    {"nautilus_http_product.json", {.anomalies = 1}},
    {"nautilus_http_products.json", {.anomalies = 1}},
    {"nautilus_http_ticker.json", {.anomalies = 1}},
    {"nautilus_ws_candles.json", {.control = 1}},
    {"nautilus_ws_heartbeats.json", {.control = 1}},
    {"nautilus_ws_l2_data_snapshot.json", {.named = 1, .book_updates = 7}},
    {"nautilus_ws_market_trades.json", {.named = 1, .trades = 2}},
    {"nautilus_ws_subscriptions.json", {.control = 1}},
    {"nautilus_ws_ticker.json", {.named = 1, .quotes = 1}},
    {"nautilus_ws_user.json", {.control = 1}},
    {"exchange_ws_2021_l2update_1.json", {.named = 1, .faults = 1, .anomalies = 1}},  // no snapshot before it
    {"exchange_ws_2021_last_match_1.json", {.named = 1, .trades = 1}},
    {"exchange_ws_2021_match_1.json", {.named = 1, .trades = 1}},
    {"exchange_ws_2021_snapshot_1.json", {.named = 1, .book_updates = 319}},
    {"exchange_ws_2021_subscribe_1.json", {.anomalies = 1}},  // a command is not a message
    {"exchange_ws_2021_subscriptions_1.json", {.control = 1}},
    {"exchange_ws_2021_ticker_1.json", {.named = 1, .quotes = 1, .trades = 1}},
    {"exchange_ws_subscriptions_0429.json", {.control = 1}},
    {"exchange_ws_ticker_BTC-USD_0429.json", {.named = 1, .quotes = 1, .trades = 1}},
    {"exchange_ws_ticker_ETH-USD_0429.json", {.named = 1, .quotes = 1, .trades = 1}},
    {"exchange_ws_ticker_SOL-USD_0429.json", {.named = 1, .quotes = 1, .trades = 1}},
};

TEST(CoinbaseRecorded, EverySingleFrameBecomesWhatTheTableSays) {
  for (const auto& path : files_in(data_folder() / "wire" / "coinbase", ".json")) {
    const std::string name = path.filename().string();
    const auto expected = kExpected.find(name);
    ASSERT_NE(expected, kExpected.end()) << "no expectation for " << name;
    Decoder decoder;
    FrameBuffer buffer;
    DecodedFrame decoded;
    decoder.decode(buffer.assign(read_file(path)), from_unix_s(1'790'000'000), decoded);
    Counts counts;
    count(decoded, counts);
    EXPECT_EQ(counts, expected->second) << name << "\n" << testing_support::text_of(decoded);
  }
}

// Books as plain maps, built from events alone.
class Books {
 public:
  void apply(const SpotBookUpdate& update) {
    Sides& sides = books_[update.id.value];
    if (update.action == BookAction::Clear) {
      sides = {};
      return;
    }
    auto& levels = sides[update.side == BookSide::Bid ? 0 : 1];
    if (update.quantity.is_zero()) {
      levels.erase(update.price.units());
    } else {
      levels[update.price.units()] = update.quantity.units();
    }
  }
  [[nodiscard]] std::size_t size() const { return books_.size(); }
  [[nodiscard]] int crossed() const {
    int count = 0;
    for (const auto& [id, sides] : books_) {
      if (sides[0].empty() || sides[1].empty()) continue;
      count += sides[0].rbegin()->first >= sides[1].begin()->first ? 1 : 0;
    }
    return count;
  }

 private:
  using Sides = std::array<std::map<std::int64_t, std::int64_t>, 2>;
  std::map<std::uint64_t, Sides> books_;
};

TEST(CoinbaseRecorded, ASessionOfTenProductsBuildsBooksThatNeverCross) {
  Decoder decoder;
  FrameBuffer buffer;
  DecodedFrame decoded;
  Books books;
  Counts counts;
  const auto path = data_folder() / "wire" / "coinbase" / "recorded" / "exchange_ws_2021-04-17.txt.zst";
  for (const std::string& line : lines_of(testing_support::read_zstd_file(path))) {
    if (line.starts_with("wss:")) continue;  // what the recorder sent
    const std::string_view frame = std::string_view(line).substr(line.find(": ") + 2);
    decoded.clear();
    decoder.decode(buffer.assign(frame), from_unix_s(1'618'677'817), decoded);
    count(decoded, counts);
    for (const Event& event : decoded.events) {
      if (const auto* update = std::get_if<SpotBookUpdate>(&event.body)) books.apply(*update);
    }
    EXPECT_EQ(books.crossed(), 0) << line;
    for (const Anomaly& anomaly : decoded.anomalies) ADD_FAILURE() << anomaly.detail << " in " << line;
  }
  EXPECT_EQ(books.size(), 10u);
  EXPECT_EQ(counts.named, 10);
  EXPECT_EQ(counts.quotes, 107);
  EXPECT_EQ(counts.trades, 107) << "a ticker and a match of one trade are told once";
  EXPECT_EQ(counts.control, 3);
}

TEST(CoinbaseRecorded, SampledTickersOfThreeCoinsDecode) {
  Decoder decoder;
  FrameBuffer buffer;
  DecodedFrame decoded;
  Counts counts;
  for (const auto& path : files_in(data_folder() / "multivenue-raw-frames", ".zst")) {
    for (const std::string& line : lines_of(testing_support::read_zstd_file(path))) {
      if (line.find("\"src\":\"coinbase\"") == std::string::npos) continue;
      std::string frame;
      for (std::size_t i = line.find("\"raw\":\"") + 7; line[i] != '"'; ++i)
        frame += line[i] == '\\' ? line[++i] : line[i];
      decoder.decode(buffer.assign(frame), from_unix_s(1'777'432'361), decoded);
    }
  }
  count(decoded, counts);
  EXPECT_EQ(counts.named, 3);
  EXPECT_EQ(counts.anomalies, 0);
  EXPECT_GT(counts.quotes, 100);
  EXPECT_GE(counts.quotes, counts.trades);
}

}  // namespace
}  // namespace arbees::coinbase
