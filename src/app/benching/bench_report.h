#pragma once
// `arbees bench`: how fast this machine takes events and raw frames through the engine, from invented input.

#include <cstdint>
#include <string>

#include "app/benching/run_speed.h"

namespace arbees::app {

struct BenchSettings {
  double seconds = 2.0;          // of processor time for each of the two measurements
  std::size_t events = 200'000;  // of the generated market
  std::size_t frames = 50'000;
  std::uint64_t seed = 1;
};

struct BenchReport {
  double getppid_ns = 0.0;  // the baseline
  RunSpeed engine;          // a generated market, as journal records in memory
  RunSpeed frames;          // Kalshi frames in memory: decoder, books and engine
  std::uint64_t frame_count = 0;
  std::uint64_t frame_bytes = 0;
  std::uint64_t peak_resident_bytes = 0;

  [[nodiscard]] std::string to_json() const;
  [[nodiscard]] std::string to_text() const;
};

[[nodiscard]] BenchReport run_bench(const BenchSettings& settings);

}  // namespace arbees::app
