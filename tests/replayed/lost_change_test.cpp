// One change taken out of a recording: no book that missed it may call itself proven, unless what it holds is
// right all the same (a later snapshot, or the level set anew). Positions are random, from seeds.

#include <cstdio>
#include <optional>
#include <set>

#include "adapters/venue/recorded_line.h"
#include "core/base/random.h"
#include "tests/recorded/recorded_data.h"
#include "tests/replayed/rebuilt.h"

namespace arbees {
namespace {

#ifdef ARBEES_SLOW_BUILD
constexpr std::size_t kLosses = 3;
#else
constexpr std::size_t kLosses = 12;
#endif

bool contains(const std::string& line, std::string_view text) { return line.find(text) != std::string::npos; }

std::vector<std::string> without(std::vector<std::string> lines, std::size_t lost) {
  // Blank lines count and are nothing: the numbers of the other lines stay.
  lines[lost].clear();
  return lines;
}

// The line of a random change in the given part of a recording.
std::optional<std::size_t> random_line(Random& random, const std::vector<std::string>& lines, std::string_view kind,
                                       std::size_t first, std::size_t last) {
  std::vector<std::size_t> candidates;
  for (std::size_t i = first; i < last; ++i) {
    if (contains(lines[i], kind)) candidates.push_back(i);
  }
  if (candidates.empty()) return std::nullopt;
  return candidates[random.below(candidates.size())];
}

TEST(LostChange, KalshiSequenceTells) {
  Random random(20260513);
  std::size_t unhealed = 0;
  for (const char* session : {"20260513T125943Z", "20260513T175306Z", "20260511T235205Z"}) {
    const std::vector<std::string> lines = recorded_lines("kalshi-btc15m-l2/" + std::string(session) + ".jsonl.zst");
    for (std::size_t i = 0; i < kLosses / 3; ++i) {
      // Not near the end: a loss shows in the next message.
      const auto lost =
          random_line(random, lines, "\"type\":\"orderbook_delta\"", lines.size() / 4, lines.size() - 500);
      ASSERT_TRUE(lost);
      SCOPED_TRACE(std::string(session) + " without line " + std::to_string(*lost + 1));
      const Rebuilt rebuilt = rebuild(Venue::Kalshi, without(lines, *lost));
      EXPECT_EQ(rebuilt.count("sequence_gap"), 1U);
      for (const auto& [market, book] : rebuilt.books) {
        const bool is_healed =
            std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(*lost), lines.end(), [&](const std::string& line) {
              return contains(line, "\"type\":\"orderbook_snapshot\"") && quoted_value(line, "market_ticker") == market;
            });
        EXPECT_TRUE(is_healed || book.status != "proven") << market;
        unhealed += is_healed ? 0U : 1U;
      }
    }
  }
  EXPECT_GT(unhealed, 0U);
}

TEST(LostChange, BinanceUpdateIdsTell) {
  Random random(20240808);
  const std::vector<std::string> lines = recorded_lines("binance-spot-ws-raw/btcusdt_20240808.txt.zst");
  const auto snapshot = std::find_if(lines.begin(), lines.end(),
                                     [](const std::string& line) { return contains(line, "\"lastUpdateId\""); });
  const auto first = static_cast<std::size_t>(snapshot - lines.begin()) + 200;
  for (std::size_t i = 0; i < kLosses; ++i) {
    const auto lost = random_line(random, lines, "\"depthUpdate\"", first, lines.size() - 200);
    ASSERT_TRUE(lost);
    SCOPED_TRACE("without line " + std::to_string(*lost + 1));
    const Rebuilt rebuilt = rebuild(Venue::Binance, without(lines, *lost));
    EXPECT_EQ(rebuilt.count("sequence_gap"), 1U);
    EXPECT_NE(rebuilt.books.at("BTCUSDT").status, "proven");
  }
}

// The venue's frames of a recording, in order of its times if asked: the recorder's own order is not exact.
std::vector<std::string> polymarket_frames(std::string_view name, bool sort_by_time) {
  std::vector<std::string> frames;
  RecordedLineReader reader;
  for (const std::string& line : recorded_lines(name)) {
    const RecordedFrame recorded = reader.unwrap(line);
    if (source_is_venue(recorded.source, Venue::Polymarket)) frames.emplace_back(recorded.frame);
  }
  return sort_by_time ? in_order_of_time(frames) : frames;
}

std::set<std::string> tokens_of(const std::string& frame) {
  std::set<std::string> tokens;
  for (std::size_t at = frame.find("\"asset_id\""); at != std::string::npos; at = frame.find("\"asset_id\"", at + 1)) {
    tokens.emplace(quoted_value(std::string_view(frame).substr(at), "asset_id"));
  }
  return tokens;
}

bool is_snapshot(const std::string& frame) { return contains(frame, "\"bids\":["); }

// From the snapshot before a frame to the one behind it, of one token.
std::vector<std::string> between_snapshots(const std::vector<std::string>& frames, std::size_t frame,
                                           const std::string& token, std::size_t& position) {
  const auto is_its_snapshot = [&](const std::string& other) { return is_snapshot(other) && contains(other, token); };
  std::size_t first = frame;
  while (first > 0 && !is_its_snapshot(frames[first])) --first;
  std::size_t end = frame + 1;
  while (end < frames.size() && !is_its_snapshot(frames[end])) ++end;
  position = frame - first;
  return {frames.begin() + static_cast<std::ptrdiff_t>(first), frames.begin() + static_cast<std::ptrdiff_t>(end)};
}

struct Losses {
  std::size_t tried = 0;
  std::size_t noticed = 0;
  std::size_t made_good = 0;  // the book at the end is the same as with the change
};

// Loses one change of one token. Only a later change of the token can tell.
void lose(const std::vector<std::string>& frames, std::size_t lost, const std::string& token, Losses& losses) {
  SCOPED_TRACE("frame " + std::to_string(lost + 1) + ", token " + token);
  std::size_t position = 0;
  const std::vector<std::string> part = between_snapshots(frames, lost, token, position);
  const bool is_followed =
      std::any_of(part.begin() + static_cast<std::ptrdiff_t>(position) + 1, part.end(),
                  [&](const std::string& later) { return contains(later, "price_changes") && contains(later, token); });
  if (!is_snapshot(part.front()) || !is_followed) return;
  const Rebuilt whole = rebuild(Venue::Polymarket, part);
  const Rebuilt lacking = rebuild(Venue::Polymarket, without(part, position));
  const bool is_noticed = lacking.books.at(token).status != "proven";
  const bool is_made_good = lacking.books.at(token).levels == whole.books.at(token).levels;
  EXPECT_TRUE(is_noticed || is_made_good) << "called proven, and lacks a change";
  ++losses.tried;
  losses.noticed += is_noticed ? 1U : 0U;
  losses.made_good += is_made_good ? 1U : 0U;
}

TEST(LostChange, PolymarketHashesTell) {
  constexpr std::uint64_t kSeed = 20260421;
  Random random(kSeed);
  const std::vector<std::string> frames =
      polymarket_frames("wire/polymarket/recorded/clob_market_ws_2026-04-21T215331Z.jsonl.zst", true);
  Losses losses;
  for (std::size_t i = 0; i < 5 * kLosses; ++i) {
    const auto lost = random_line(random, frames, "\"price_changes\"", 0, frames.size());
    ASSERT_TRUE(lost);
    for (const std::string& token : tokens_of(frames[*lost])) lose(frames, *lost, token, losses);
  }
  std::printf("seed %llu: %zu lost, %zu noticed, %zu made good\n", static_cast<unsigned long long>(kSeed), losses.tried,
              losses.noticed, losses.made_good);
  EXPECT_GT(losses.tried, 2 * kLosses);
  EXPECT_GT(losses.noticed, 0U);
}

TEST(LostChange, PolymarketHashesTellInSampledFrames) {
  Losses losses;
  for (const char* name : {"20260428T090151Z", "20260429T021043Z", "20260429T031235Z"}) {
    SCOPED_TRACE(name);
    const std::vector<std::string> frames =
        polymarket_frames("multivenue-raw-frames/" + std::string(name) + ".jsonl.zst", false);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      if (!contains(frames[i], "\"price_changes\"")) continue;
      for (const std::string& token : tokens_of(frames[i])) lose(frames, i, token, losses);
    }
  }
  std::printf("%zu lost, %zu noticed, %zu made good\n", losses.tried, losses.noticed, losses.made_good);
  EXPECT_GT(losses.tried, 0U);
}

}  // namespace
}  // namespace arbees
