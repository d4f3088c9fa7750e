// Books of whole recordings, level by level against books rebuilt in the plainest way.

#include "tests/recorded/recorded_data.h"
#include "tests/replayed/rebuilt.h"

namespace arbees {
namespace {

constexpr std::string_view kPolymarketSession = "wire/polymarket/recorded/clob_market_ws_2026-04-21T215331Z.jsonl.zst";

// Of the many frames of an hour, every so many will do.
constexpr std::size_t kEvery = 10;

void expect_equal_books(const naive::Books& expected, const Rebuilt& rebuilt) {
  const naive::Books actual = rebuilt.levels();
  EXPECT_EQ(actual.size(), expected.size());
  for (const auto& [symbol, levels] : expected) {
    const auto found = actual.find(symbol);
    ASSERT_NE(found, actual.end()) << symbol;
    EXPECT_EQ(found->second.bids, levels.bids) << symbol;
    EXPECT_EQ(found->second.asks, levels.asks) << symbol;
  }
}

TEST(Reconstruction, KalshiBooksAtTheEndOfEverySession) {
  const std::vector<std::string> sessions = recorded_files("kalshi-btc15m-l2", ".jsonl.zst");
  EXPECT_EQ(sessions.size(), 41U);
  for (const std::string& session : sampled(sessions)) {
    SCOPED_TRACE(session);
    const std::vector<std::string> lines = recorded_lines(session);
    naive::KalshiBooks naive;
    for (const std::string& line : lines) naive.add(line);
    EXPECT_EQ(naive.negative_levels, 0U);
    const Rebuilt rebuilt = rebuild(Venue::Kalshi, lines);
    expect_equal_books(naive.books, rebuilt);
    EXPECT_EQ(rebuilt.count("sequence_gap"), 0U);
    EXPECT_EQ(rebuilt.count("negative_level"), 0U);
  }
}

TEST(Reconstruction, PolymarketBooksOfEveryHour) {
  const std::vector<std::string> hours = recorded_files("polymarket-btc5m-book", ".jsonl.zst");
  EXPECT_EQ(hours.size(), 15U);
  for (const std::string& hour : sampled(hours)) {
    SCOPED_TRACE(hour);
    std::vector<std::string> lines = recorded_lines(hour);
    // Only books are in these files: the last frame of a token is its book, and no frame needs another.
    std::map<std::string, std::size_t> last;
    for (std::size_t i = 0; i < lines.size(); ++i) last[std::string(quoted_value(lines[i], "asset_id"))] = i;
    naive::PolymarketBooks naive;
    for (const auto& [token, i] : last) naive.add(lines[i]);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i % kEvery != 0 && last[std::string(quoted_value(lines[i], "asset_id"))] != i) lines[i].clear();
    }
    const Rebuilt rebuilt = rebuild(Venue::Polymarket, lines);
    expect_equal_books(naive.books, rebuilt);
    // A few frames came late, and were no news any more.
    EXPECT_EQ(rebuilt.count("out_of_order"), rebuilt.anomalies.size());
    EXPECT_LE(rebuilt.anomalies.size(), 2U);
    for (const auto& [token, book] : rebuilt.books) EXPECT_EQ(book.status, "proven") << token;
  }
}

// The order within a millisecond is lost: hashes may seem wrong on the way, and are healed by later books.
TEST(Reconstruction, PolymarketChangesOfASession) {
  const std::vector<std::string> lines = in_order_of_time(recorded_lines(kPolymarketSession));
  ASSERT_EQ(lines.size(), 5544U);
  naive::PolymarketBooks naive;
  for (const std::string& line : lines) naive.add(line);
  const Rebuilt rebuilt = rebuild(Venue::Polymarket, lines);
  expect_equal_books(naive.books, rebuilt);
  EXPECT_EQ(rebuilt.count("malformed"), 0U);
  for (const auto& [token, book] : rebuilt.books) EXPECT_EQ(book.status, "proven") << token;
}

TEST(Reconstruction, BinanceBookOfASession) {
  const std::vector<std::string> lines = recorded_lines("binance-spot-ws-raw/btcusdt_20240808.txt.zst");
  naive::BinanceBook naive("BTCUSDT");
  for (const std::string& line : lines) naive.add(line);
  ASSERT_TRUE(naive.is_live);
  const Rebuilt rebuilt = rebuild(Venue::Binance, lines);
  expect_equal_books({{"BTCUSDT", naive.levels}}, rebuilt);
  EXPECT_TRUE(rebuilt.anomalies.empty());
  EXPECT_EQ(rebuilt.books.at("BTCUSDT").status, "proven");
}

}  // namespace
}  // namespace arbees
