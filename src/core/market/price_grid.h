#pragma once
// The prices a contract may have: up to four bands, each with its own tick.
//
// Invariants of a known grid: bands ascend, the first starts at 0, each step is positive and divides
// its band. An unknown grid (no band) accepts every price of the wire; such a contract is not tradable.

#include <array>
#include <cstdint>
#include <numeric>

#include "core/market/values.h"

namespace arbees {

struct PriceBand {
  std::uint16_t from = 0;  // in price units (10^-4); the band ends where the next begins, the last at 1
  std::uint16_t step = 0;  // tick in price units; 0 marks an unused band

  constexpr bool operator==(const PriceBand&) const noexcept = default;
};

struct PriceGrid {
  std::array<PriceBand, 4> bands{};

  constexpr bool operator==(const PriceGrid&) const noexcept = default;

  [[nodiscard]] constexpr bool is_known() const noexcept { return bands[0].step != 0; }

  // The tick at this price; zero when the grid is unknown.
  [[nodiscard]] constexpr Price tick_at(Price price) const noexcept {
    std::uint16_t step = bands[0].step;
    for (const PriceBand& band : bands) {
      if (band.step != 0 && price.units() >= band.from) step = band.step;
    }
    return Price::from_units(step);
  }
  // The smallest tick of all bands; zero when the grid is unknown.
  [[nodiscard]] constexpr Price finest_tick() const noexcept {
    std::uint16_t finest = 0;
    for (const PriceBand& band : bands) {
      if (band.step != 0 && (finest == 0 || band.step < finest)) finest = band.step;
    }
    return Price::from_units(finest);
  }
  // The largest step that all prices of the grid are multiples of; zero when the grid is unknown.
  [[nodiscard]] constexpr Price common_step() const noexcept {
    std::int64_t step = 0;
    for (const PriceBand& band : bands) step = std::gcd(step, std::int64_t{band.step});
    return Price::from_units(step);
  }
  // Whether an order or a level may stand at this price. A band's end belongs to both bands.
  [[nodiscard]] constexpr bool contains(Price price) const noexcept {
    if (!is_contract_price(price)) return false;
    if (!is_known()) return true;
    return price.units() % tick_at(price).units() == 0;
  }

  [[nodiscard]] static constexpr PriceGrid uniform(Price tick) noexcept {
    PriceGrid grid;
    grid.bands[0] = PriceBand{0, static_cast<std::uint16_t>(tick.units())};
    return grid;
  }
  // Kalshi's tapered_deci_cent: 0.1 c below 0.10 and above 0.90, 1 c between.
  [[nodiscard]] static constexpr PriceGrid tapered_deci_cent() noexcept {
    PriceGrid grid;
    grid.bands[0] = PriceBand{0, 10};
    grid.bands[1] = PriceBand{1000, 100};
    grid.bands[2] = PriceBand{9000, 10};
    return grid;
  }
};

}  // namespace arbees
