#pragma once
// Invented Kalshi frames in the venue's form: a snapshot for each contract, then changes of one level each.
//
// Seeded. Books stay believable: bids below 50 cents, asks above, no level is ever taken below zero.

#include <cstdint>
#include <vector>

#include "app/benching/memory_sources.h"
#include "core/market/event.h"

namespace arbees::app {

struct KalshiFrames {
  FrameStore frames;
  // The names and terms of the contracts, to be told before the first frame.
  std::vector<EventBody> listings;
};

[[nodiscard]] KalshiFrames make_kalshi_frames(std::size_t changes, std::uint64_t seed);

}  // namespace arbees::app
