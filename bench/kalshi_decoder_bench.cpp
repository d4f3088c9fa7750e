// Nanoseconds to turn one Kalshi order book change into its event, beside a bare parse of the same bytes.
//
// The frames are made in the venue's form (240 bytes); every decoder sees the same 1,024 different ones.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <string>
#include <vector>

#include "adapters/venue/kalshi/decoder.h"
#include "core/base/random.h"

namespace arbees::kalshi {
namespace {

constexpr std::size_t kFrames = 1024;

std::string ticker(std::uint64_t number) { return fmt::format("KXBTCD-26NOV2217-T{}.99", 80'000 + 250 * number); }

std::string snapshot(std::uint64_t number) {
  return fmt::format(R"({{"type":"orderbook_snapshot","sid":1,"seq":{},"msg":{{"market_ticker":"{}"}}}})", number + 1,
                     ticker(number));
}

std::string delta(Random& random, std::uint64_t sequence) {
  return fmt::format(
      R"({{"type":"orderbook_delta","sid":1,"seq":{},"msg":{{"market_ticker":"{}","market_id":"aef1d57b-e4d1-41be-9d56-4d6270ff9108","price_dollars":"0.{:02}00","delta_fp":"{}.00","side":"{}","ts":"2026-11-22T22:01:02.345678Z","ts_ms":1795384862345}}}})",
      sequence, ticker(random.below(64)), 1 + random.below(99), random.between(-500, 500),
      random.chance(1, 2) ? "yes" : "no");
}

// Each frame in a buffer of its own with padding, as a socket would leave it.
std::vector<FrameBuffer> make_frames(std::vector<std::string_view>& views) {
  Random random(7);
  std::vector<FrameBuffer> buffers(kFrames);
  for (std::size_t i = 0; i < kFrames; ++i) views.push_back(buffers[i].assign(delta(random, 65 + i)));
  return buffers;
}

void decode_deltas(benchmark::State& state, bool scan) {
  std::vector<std::string_view> frames;
  const auto buffers = make_frames(frames);
  Decoder decoder({.scan_deltas = scan});
  FrameBuffer buffer;
  DecodedFrame decoded;
  const auto restart = [&] {
    decoder.reset();
    for (std::uint64_t i = 0; i < 64; ++i) decoder.decode(buffer.assign(snapshot(i)), from_unix_s(1), decoded);
    decoded.clear();
  };
  std::size_t next = kFrames;
  for (auto _ : state) {
    if (next == kFrames) {
      state.PauseTiming();
      restart();
      next = 0;
      state.ResumeTiming();
    }
    decoder.decode(frames[next++], from_unix_s(1), decoded);
    benchmark::DoNotOptimize(decoded.events.data());
    decoded.clear();
  }
}

void BM_DeltaScanned(benchmark::State& state) { decode_deltas(state, true); }
void BM_DeltaGeneral(benchmark::State& state) { decode_deltas(state, false); }

void BM_DeltaDomParseOnly(benchmark::State& state) {
  std::vector<std::string_view> frames;
  const auto buffers = make_frames(frames);
  simdjson::dom::parser parser;
  std::size_t next = 0;
  for (auto _ : state) {
    simdjson::dom::element element;
    const auto frame = frames[next++ % kFrames];
    if (parser.parse(frame.data(), frame.size(), false).get(element) != simdjson::SUCCESS) state.SkipWithError("parse");
    benchmark::DoNotOptimize(element);
  }
}

BENCHMARK(BM_DeltaScanned);
BENCHMARK(BM_DeltaGeneral);
BENCHMARK(BM_DeltaDomParseOnly);

}  // namespace
}  // namespace arbees::kalshi
