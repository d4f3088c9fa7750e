// Nanoseconds to turn one Polymarket price_change of two tokens into events, with and without the book hash,
// beside a bare parse of the same bytes. The books have forty levels a side.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <string>
#include <vector>

#include "adapters/venue/polymarket/book_hash.h"
#include "adapters/venue/polymarket/decoder.h"
#include "core/base/random.h"

namespace arbees::polymarket {
namespace {

constexpr std::size_t kFrames = 256;
constexpr std::string_view kUp = "45936375922793925919605092352922707796689801895417366600539442410775071099958";
constexpr std::string_view kDown = "86520121088881862182423437128238697252500151785248183602134095101149900014256";
constexpr std::string_view kMarket = "0x125149c5918fc5f8c6d34682f700a898a1a19ea4f4e2ae68ff4c5794ba657074";

std::string hex(const Sha1Digest& digest) {
  std::string text;
  for (const std::uint8_t byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

// One token's book and the texts the venue would send about it.
struct Token {
  std::string_view id;
  SummaryLevels levels;

  std::string side(const std::vector<SummaryLevel>& all) const {
    std::string text;
    for (const SummaryLevel& level : all) text += (text.empty() ? "" : ",") + std::string(level.view());
    return text;
  }
  std::string hash(std::string_view timestamp) const {
    const std::string text = fmt::format(
        R"({{"market":"{}","asset_id":"{}","timestamp":"{}","hash":"","bids":[{}],"asks":[{}],"min_order_size":"5","tick_size":"0.01","neg_risk":false)",
        kMarket, id, timestamp, side(levels.bids()), side(levels.asks()));
    return hex(Sha1Prefix(text).with(R"(,"last_trade_price":"0.500"})"));
  }
  void set(BookSide book_side, int cents, int size) {
    levels.set(book_side, Price::from_units(cents * 100), fmt::format("0.{:02}", cents), std::to_string(size), false);
  }
  std::string book() const {
    return fmt::format(
        R"({{"market":"{}","asset_id":"{}","timestamp":"1790000000000","hash":"{}","bids":[{}],"asks":[{}],"tick_size":"0.01","event_type":"book","last_trade_price":"0.500"}})",
        kMarket, id, hash("1790000000000"), side(levels.bids()), side(levels.asks()));
  }
  std::string entry(int cents, int size, std::string_view buy_or_sell, std::string_view timestamp) const {
    return fmt::format(
        R"({{"asset_id":"{}","price":"0.{:02}","size":"{}","side":"{}","hash":"{}","best_bid":"0.49","best_ask":"0.51"}})",
        id, cents, size, buy_or_sell, hash(timestamp));
  }
};

// The snapshots of both tokens, then changes that all verify.
std::vector<std::string> make_frames() {
  Random random(7);
  Token up{kUp, {}};
  Token down{kDown, {}};
  const auto place = [&](int cents, int size) {
    const bool is_bid = cents < 50;
    up.set(is_bid ? BookSide::Bid : BookSide::Ask, cents, size);
    down.set(is_bid ? BookSide::Ask : BookSide::Bid, 100 - cents, size);
  };
  for (int i = 1; i <= 40; ++i) {
    place(50 - i, 100 + i);
    place(50 + i, 100 + i);
  }
  std::vector<std::string> frames{"[" + up.book() + "," + down.book() + "]"};
  for (std::size_t i = 0; i < kFrames; ++i) {
    const int cents = static_cast<int>(random.between(40, 49));
    const int size = static_cast<int>(random.between(1, 5000));
    const std::string timestamp = std::to_string(1'790'000'000'001 + 10 * static_cast<std::int64_t>(i));
    place(cents, size);
    frames.push_back(fmt::format(
        R"({{"market":"{}","price_changes":[{},{}],"timestamp":"{}","event_type":"price_change"}})", kMarket,
        up.entry(cents, size, "BUY", timestamp), down.entry(100 - cents, size, "SELL", timestamp), timestamp));
  }
  return frames;
}

void decode_changes(benchmark::State& state, bool verify_hash) {
  const std::vector<std::string> frames = make_frames();
  std::vector<FrameBuffer> buffers(frames.size());
  std::vector<std::string_view> views;
  for (std::size_t i = 0; i < frames.size(); ++i) views.push_back(buffers[i].assign(frames[i]));
  Decoder decoder(DecoderOptions{.verify_hash = verify_hash});
  DecodedFrame decoded;
  std::size_t next = 0;
  for (auto _ : state) {
    if (next == 0) {
      state.PauseTiming();
      decoder.reset(from_unix_s(1), decoded);
      decoder.decode(views[next++], from_unix_s(1), decoded);
      state.ResumeTiming();
    }
    decoded.clear();
    decoder.decode(views[next], from_unix_s(1), decoded);
    benchmark::DoNotOptimize(decoded.events.data());
    next = (next + 1) % views.size();
  }
  if (!decoded.anomalies.empty()) state.SkipWithError("the frames do not verify");
}

void decode_with_hash(benchmark::State& state) { decode_changes(state, true); }
void decode_without_hash(benchmark::State& state) { decode_changes(state, false); }

void parse_only(benchmark::State& state) {
  const std::vector<std::string> frames = make_frames();
  simdjson::dom::parser parser;
  std::size_t next = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(parser.parse(frames[next]).error());
    next = next + 1 < frames.size() ? next + 1 : 1;
  }
}

BENCHMARK(decode_with_hash);
BENCHMARK(decode_without_hash);
BENCHMARK(parse_only);

}  // namespace
}  // namespace arbees::polymarket
