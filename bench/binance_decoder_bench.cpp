// Nanoseconds to turn one Binance bookTicker, trade or depth update into events, beside a bare parse.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <string>
#include <vector>

#include "adapters/venue/binance/decoder.h"
#include "core/base/random.h"

namespace arbees::binance {
namespace {

constexpr std::size_t kFrames = 1024;

std::string book_ticker(Random& random, std::size_t number) {
  return fmt::format(
      R"({{"u":{},"s":"BTCUSDT","b":"{}.20000000","B":"31.21000000","a":"{}.21000000","A":"40.66000000"}})",
      400'900'217 + number, random.between(88'000, 88'999), random.between(89'000, 89'999));
}
std::string trade(Random& random, std::size_t number) {
  return fmt::format(
      R"({{"e":"trade","E":1790000000136,"s":"BTCUSDT","t":{},"p":"{}.20000000","q":"0.{:05}000","T":1790000000135,"m":true,"M":true}})",
      number + 1, random.between(88'000, 89'999), random.between(1, 99'999));
}
std::string depth_update(Random& random, std::size_t number) {
  const std::size_t first = 3 * number + 1;
  return fmt::format(
      R"({{"e":"depthUpdate","E":1790000000136,"s":"BTCUSDT","U":{},"u":{},"b":[["{}.10000000","1.25000000"],["{}.20000000","0.00000000"]],"a":[["{}.30000000","0.50000000"]]}})",
      first, first + 2, random.between(88'000, 88'999), random.between(88'000, 88'999), random.between(89'000, 89'999));
}

template <class MakeFrame>
std::vector<FrameBuffer> make_frames(std::vector<std::string_view>& views, MakeFrame&& make_frame) {
  Random random(7);
  std::vector<FrameBuffer> buffers(kFrames);
  for (std::size_t i = 0; i < kFrames; ++i) views.push_back(buffers[i].assign(make_frame(random, i)));
  return buffers;
}

template <class MakeFrame>
void decode(benchmark::State& state, MakeFrame&& make_frame) {
  std::vector<std::string_view> frames;
  const auto buffers = make_frames(frames, make_frame);
  FrameBuffer snapshot;
  const std::string_view empty_book = snapshot.assign(R"({"lastUpdateId":0,"bids":[],"asks":[]})");
  Decoder decoder;
  decoder.set_snapshot_symbol("BTCUSDT");
  DecodedFrame decoded;
  std::size_t next = kFrames;
  for (auto _ : state) {
    if (next == kFrames) {
      state.PauseTiming();
      decoder.reset(from_unix_s(1), decoded);
      decoder.decode(empty_book, from_unix_s(1), decoded);
      next = 0;
      state.ResumeTiming();
    }
    decoded.clear();
    decoder.decode(frames[next++], from_unix_s(1), decoded);
    benchmark::DoNotOptimize(decoded.events.data());
  }
  if (!decoded.anomalies.empty()) state.SkipWithError("the frames are not understood");
}

template <class MakeFrame>
void parse(benchmark::State& state, MakeFrame&& make_frame) {
  std::vector<std::string_view> frames;
  const auto buffers = make_frames(frames, make_frame);
  simdjson::dom::parser parser;
  std::size_t next = 0;
  for (auto _ : state) {
    const std::string_view frame = frames[next++ % kFrames];
    benchmark::DoNotOptimize(parser.parse(frame.data(), frame.size(), false).error());
  }
}

void decode_book_ticker(benchmark::State& state) { decode(state, book_ticker); }
void decode_trade(benchmark::State& state) { decode(state, trade); }
void decode_depth_update(benchmark::State& state) { decode(state, depth_update); }
void parse_book_ticker(benchmark::State& state) { parse(state, book_ticker); }

BENCHMARK(decode_book_ticker);
BENCHMARK(decode_trade);
BENCHMARK(decode_depth_update);
BENCHMARK(parse_book_ticker);

}  // namespace
}  // namespace arbees::binance
