#include <map>

#include "adapters/venue/polymarket/decoder.h"
#include "tests/recorded/recorded_data.h"

namespace arbees::polymarket {
namespace {

class Player {
 public:
  void play(std::string_view frame) {
    decoded_.clear();
    decoder.decode(buffer_.assign(frame), from_unix_s(1), decoded_);
    take();
  }
  void finish() {
    decoded_.clear();
    decoder.finish(from_unix_s(1), decoded_);
    take();
  }

  Decoder decoder;
  std::map<std::uint64_t, OrderBook> books;
  std::map<std::string, std::size_t> anomalies;
  std::vector<std::string> anomaly_texts;

 private:
  void take() {
    for (const Anomaly& anomaly : decoded_.anomalies) {
      ++anomalies[std::string(anomaly_name(anomaly.kind))];
      anomaly_texts.push_back(std::string(anomaly_name(anomaly.kind)) + " " + anomaly.symbol + " " + anomaly.detail);
    }
    for (const Event& event : decoded_.events) {
      if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
        OrderBook& book = books[update->id.value];
        if (update->is_snapshot_start()) book.begin_snapshot();
        book.apply(update->action, update->side, update->price, update->quantity);
        if (update->is_last()) book.end_snapshot();
      } else if (const auto* fault = std::get_if<BookFaulted>(&event.body)) {
        books[fault->id.value].mark(fault->fault);
      } else if (const auto* grid = std::get_if<PriceGridChanged>(&event.body)) {
        books[grid->id.value].set_grid(grid->grid);
      }
    }
  }

  FrameBuffer buffer_;
  DecodedFrame decoded_;
};

void print(const char* what, const Player& player) {
  const auto& c = player.decoder.hash_counts();
  std::printf("%s: snapshots %zu+%zu, changes %zu+%zu, quotes %zu+%zu\n", what, c.snapshots_verified,
              c.snapshots_unverified, c.changes_verified, c.changes_unverified, c.quotes_equal, c.quotes_different);
  for (const auto& [kind, count] : player.anomalies) std::printf("  %s %zu\n", kind.c_str(), count);
  for (std::size_t i = 0; i < player.anomaly_texts.size() && i < 12; ++i)
    std::printf("    %s\n", player.anomaly_texts[i].c_str());
  for (const auto& [id, book] : player.books)
    std::printf("  book %s\n", std::string(book_status_name(book.status())).c_str());
}

std::vector<std::string> session_frames() {
  std::vector<std::string> frames;
  for_each_line(recorded_path("wire/polymarket/recorded/clob_market_ws_2026-04-21T215331Z.jsonl.zst"),
                [&](std::string_view line) { frames.emplace_back(wrapped_object(line, "payload")); });
  return frames;
}

TEST(PolymarketRecorded, Session) {
  std::vector<std::string> frames = session_frames();
  std::stable_sort(frames.begin(), frames.end(), [](const std::string& a, const std::string& b) {
    return quoted_value(a, "timestamp") < quoted_value(b, "timestamp");
  });
  Player player;
  for (const std::string& frame : frames) player.play(frame);
  player.finish();
  print("session", player);
}

TEST(PolymarketRecorded, RawFrames) {
  for (const char* name : {"20260428T090151Z", "20260429T021043Z", "20260429T031235Z"}) {
    Player player;
    for_each_line(recorded_path("multivenue-raw-frames/" + std::string(name) + ".jsonl.zst"),
                  [&](std::string_view line) {
                    if (!quoted_value(line, "src").starts_with("polymarket")) return;
                    std::string_view raw = wrapped_object(line, "raw");
                    raw.remove_prefix(1);
                    raw.remove_suffix(1);
                    player.play(unescaped(raw));
                  });
    player.finish();
    print(name, player);
  }
}

TEST(PolymarketRecorded, Snapshots) {
  Player player;
  for_each_line(recorded_path("polymarket-btc5m-book/20260413T14.jsonl.zst"),
                [&](std::string_view line) { player.play(wrapped_object(line, "frame")); });
  print("snapshots", player);
}

}  // namespace
}  // namespace arbees::polymarket
