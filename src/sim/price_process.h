#pragma once
// Spot prices of the three assets: correlated random walks in integers.
//
// Volatility is about 55 % a year for BTC, 65 % for ETH and 75 % for SOL; correlations are 0.64. Units of 10^-8
// dollars.

#include <array>
#include <cstdint>

#include "core/base/random.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees::sim {

inline constexpr std::array<Asset, 3> kAssets = {Asset::BTC, Asset::ETH, Asset::SOL};
inline constexpr std::size_t kSimAssetCount = kAssets.size();

[[nodiscard]] constexpr std::size_t asset_index(Asset asset) noexcept {
  return asset == Asset::BTC ? 0 : asset == Asset::ETH ? 1 : 2;
}
// Standard deviation of a second's return, in parts per billion.
[[nodiscard]] constexpr std::int64_t volatility_ppb(Asset asset) noexcept {
  return asset == Asset::BTC ? 98'000 : asset == Asset::ETH ? 116'000 : 134'000;
}

class PriceProcess {
 public:
  explicit PriceProcess(std::uint64_t seed);

  [[nodiscard]] SpotPrice price(Asset asset) const noexcept { return prices_[asset_index(asset)]; }
  // One step; `root_ppm` is the square root of its length in seconds, in millionths.
  void step(std::int64_t root_ppm) noexcept;

 private:
  Random random_;
  std::array<SpotPrice, kSimAssetCount> prices_;
};

}  // namespace arbees::sim
