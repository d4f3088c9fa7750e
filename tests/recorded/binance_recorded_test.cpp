#include <map>

#include "adapters/venue/binance/decoder.h"
#include "core/market/spot_book.h"
#include "tests/recorded/recorded_data.h"

namespace arbees::binance {
namespace {

// Applies what the decoder gives to one book per pair.
class Player {
 public:
  void play(std::string_view frame) {
    decoded.clear();
    decoder.decode(buffer_.assign(frame), from_unix_s(1), decoded);
    for (const Anomaly& anomaly : decoded.anomalies) {
      anomalies.push_back(std::string(anomaly_name(anomaly.kind)) + " " + anomaly.symbol + " " + anomaly.detail);
    }
    for (const Event& event : decoded.events) {
      if (const auto* update = std::get_if<SpotBookUpdate>(&event.body)) {
        SpotBook& book = books[update->id.value];
        if (update->is_snapshot_start()) book.begin_snapshot();
        book.apply(update->action, update->side, update->price, update->quantity);
        if (update->is_last()) book.end_snapshot();
        ++level_changes;
      } else if (const auto* fault = std::get_if<BookFaulted>(&event.body)) {
        books[fault->id.value].mark(fault->fault);
      } else if (std::holds_alternative<SpotQuote>(event.body)) {
        ++quotes;
      } else if (std::holds_alternative<SpotTrade>(event.body)) {
        ++trades;
      }
    }
  }

  const SpotBook& book(std::string_view symbol) { return books[instrument_id(Venue::Binance, symbol).value]; }

  Decoder decoder;
  DecodedFrame decoded;
  std::map<std::uint64_t, SpotBook> books;
  std::vector<std::string> anomalies;
  std::size_t level_changes = 0;
  std::size_t quotes = 0;
  std::size_t trades = 0;

 private:
  FrameBuffer buffer_;
};

TEST(BinanceRecorded, LocalBookStaysProvenThroughASession) {
  Player player;
  for_each_line(recorded_path("binance-spot-ws-raw/btcusdt_20240808.txt.zst"),
                [&](std::string_view line) { player.play(line.substr(line.find(' ') + 1)); });
  EXPECT_THAT(player.anomalies, testing::IsEmpty());
  EXPECT_EQ(player.book("BTCUSDT").status(), BookStatus::Proven);
  EXPECT_EQ(player.quotes, 28040U);
  EXPECT_EQ(player.trades, 9757U);
}

TEST(BinanceRecorded, WithoutASnapshotNothingIsProven) {
  Player player;
  for_each_line(recorded_path("binance-spot-ws-raw/ethusdt_20240809.txt.zst"),
                [&](std::string_view line) { player.play(line.substr(line.find(' ') + 1)); });
  EXPECT_THAT(player.anomalies, testing::IsEmpty());
  EXPECT_EQ(player.level_changes, 0U);
  EXPECT_EQ(player.book("ETHUSDT").status(), BookStatus::Unproven);
}

TEST(BinanceRecorded, SnapshotsOfSeveralPairsAreToldApartBySymbol) {
  Player player;
  for (const char* symbol : {"NKNUSDT", "BLZETH"}) {
    player.decoder.set_snapshot_symbol(symbol);
    player.play(read_whole(recorded_path("wire/binance/recorded/rest_depth_" + std::string(symbol) + ".json")));
  }
  for_each_line(recorded_path("wire/binance/recorded/combined_ws_2021-10-12.txt"), [&](std::string_view line) {
    const std::size_t start = line.find(": {");
    if (start != std::string_view::npos) player.play(line.substr(start + 2));
  });
  EXPECT_THAT(player.anomalies, testing::IsEmpty());
  EXPECT_EQ(player.book("NKNUSDT").status(), BookStatus::Proven);
  EXPECT_EQ(player.book("BLZETH").status(), BookStatus::Proven);
}

}  // namespace
}  // namespace arbees::binance
