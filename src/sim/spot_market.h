#pragma once
// Spot of the world: six products on two venues, and the references that contracts settle on.
//
// Index: the mean of both venues' middles, rounded to the published decimals, once a second (as CF Benchmarks').
// Chainlink: a value of its own that strays a few basis points of a basis point from it, once a second; its 60 s TWAP
// at t is the mean of the values in (t − 60 s, t]. Both reach back hours before the world's start.

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "sim/listeners.h"
#include "sim/price_process.h"
#include "sim/spot_ladder.h"

namespace arbees::sim {

// Decimals of the published index and of settled values.
[[nodiscard]] constexpr std::uint8_t value_decimals(Asset asset) noexcept { return asset == Asset::SOL ? 4 : 2; }

class SpotMarket {
 public:
  static constexpr Duration kStep = std::chrono::milliseconds(50);

  // Lives through four hours before `starts_at`, which is a multiple of kStep.
  SpotMarket(std::uint64_t seed, Timestamp starts_at);

  void step(Timestamp now, const Listeners& listeners);

  [[nodiscard]] const std::vector<SpotLadder>& ladders() const noexcept { return ladders_; }
  [[nodiscard]] const SpotLadder& ladder(Venue venue, Asset asset) const noexcept;
  [[nodiscard]] SpotPrice price(Asset asset) const noexcept { return process_.price(asset); }

  // The print of this second; zero if it is not known.
  [[nodiscard]] SpotPrice index(Asset asset, Timestamp second) const noexcept;
  // Mean of the sixty index prints before this second, rounded half-up as it settles; zero if not all are known.
  [[nodiscard]] SpotPrice index_mean60(Asset asset, Timestamp second) const noexcept;
  // Sum of the prints of [from, to), in published units (index) or SpotPrice units (Chainlink), and how many they are.
  struct Sum {
    std::int64_t sum = 0;
    std::int64_t count = 0;
  };
  [[nodiscard]] Sum index_sum(Asset asset, Timestamp from, Timestamp to) const noexcept;
  [[nodiscard]] Sum chainlink_sum(Asset asset, Timestamp from, Timestamp to) const noexcept;
  [[nodiscard]] SpotPrice twap60(Asset asset, Timestamp second) const noexcept;
  [[nodiscard]] IndexValue reference(Asset asset, SettlementSource source, Timestamp time) const noexcept;

 private:
  struct References {
    std::deque<SpotPrice> index;      // one for each second, the newest last
    std::deque<SpotPrice> chainlink;  // the same seconds
  };

  void print(Timestamp second);
  void follow(SpotLadder& ladder, Timestamp now, const Listeners& listeners);
  [[nodiscard]] SpotPrice venue_price(const SpotLadder& ladder) const noexcept;
  [[nodiscard]] Sum sum_of(const std::deque<SpotPrice>& prints, Timestamp from, Timestamp to,
                           std::int64_t unit) const noexcept;
  // Position in the deques; negative if before them.
  [[nodiscard]] std::int64_t position(Timestamp second) const noexcept;

  PriceProcess process_;
  Random random_;
  std::vector<SpotLadder> ladders_;
  std::array<References, kSimAssetCount> references_;
  std::array<std::int64_t, kSimAssetCount> chainlink_basis_ppb_{};
  std::array<std::int64_t, 2 * kSimAssetCount> venue_basis_ppb_{};
  Timestamp last_print_ = kNoTime;
};

}  // namespace arbees::sim
