#pragma once
// How long an order takes to the venue and its answer back; drawn from a seeded generator.
//
// Defaults are field measurements of order round trips (median): Kalshi 576 ms, Polymarket 243 ms; half
// of it each way, with a uniform spread of ±25 %. A tail makes some ways longer: each further doubling has
// the same chance again, which is close enough to the log-normal tail of real networks.

#include <array>

#include "core/base/random.h"
#include "core/base/time.h"
#include "core/market/venue.h"

namespace arbees {

struct VenueLatency {
  Duration round_trip = std::chrono::milliseconds(300);
  std::int64_t spread_percent = 25;
  std::uint64_t tail_per_thousand = 0;  // chance of each doubling
};

class LatencyModel {
 public:
  static constexpr int kMostDoublings = 4;

  LatencyModel() noexcept {
    venues_[static_cast<std::size_t>(Venue::Kalshi)].round_trip = std::chrono::milliseconds(576);
    venues_[static_cast<std::size_t>(Venue::Polymarket)].round_trip = std::chrono::milliseconds(243);
  }

  void set(Venue venue, VenueLatency latency) noexcept { venues_[static_cast<std::size_t>(venue)] = latency; }

  // One way, to the venue or back.
  [[nodiscard]] Duration draw(Venue venue, Random& random) const noexcept {
    const VenueLatency& latency = venues_[static_cast<std::size_t>(venue)];
    const std::int64_t half = latency.round_trip.count() / 2;
    const std::int64_t spread = half * latency.spread_percent / 100;
    std::int64_t drawn = half + random.between(-spread, spread);
    if (latency.tail_per_thousand == 0) return Duration(drawn);
    for (int i = 0; i < kMostDoublings && random.chance(latency.tail_per_thousand, 1000); ++i) drawn *= 2;
    return Duration(drawn);
  }

 private:
  std::array<VenueLatency, kVenueCount> venues_{};
};

}  // namespace arbees
