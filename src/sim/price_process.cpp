#include "sim/price_process.h"

#include "core/base/wide_int.h"
#include "sim/normal.h"

namespace arbees::sim {
namespace {

constexpr std::array<std::int64_t, kSimAssetCount> kFirstPrices = {84'000, 2'900, 136};
// Shares of the common and of the own factor: 0.8² + 0.6² = 1.
constexpr std::int64_t kCommon = 8;
constexpr std::int64_t kOwn = 6;

}  // namespace

PriceProcess::PriceProcess(std::uint64_t seed) : random_(seed ^ 0x5907) {
  for (std::size_t i = 0; i < kSimAssetCount; ++i) {
    const std::int64_t base = SpotPrice::whole(kFirstPrices[i]).units();
    prices_[i] = SpotPrice::from_units(base + base / 1000 * random_.between(-30, 30));
  }
}

void PriceProcess::step(std::int64_t root_ppm) noexcept {
  const std::int64_t common = draw_normal(random_);
  for (std::size_t i = 0; i < kSimAssetCount; ++i) {
    const std::int64_t normal = (kCommon * common + kOwn * draw_normal(random_)) / 10;
    // price × ppb × normal/10^6 × root/10^6 / 10^9
    const Int128 change = Int128{prices_[i].units()} * volatility_ppb(kAssets[i]) * normal / 1'000'000'000;
    prices_[i] += SpotPrice::from_units(static_cast<std::int64_t>(change * root_ppm / 1'000'000 / 1'000'000));
  }
}

}  // namespace arbees::sim
