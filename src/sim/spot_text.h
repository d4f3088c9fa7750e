#pragma once
// Numbers and times of the spot servers, as these venues write them.

#include <string>

#include "core/base/time.h"
#include "sim/spot.h"
#include "sim/world.h"

namespace arbees::sim {

// With as many decimals as the product's prices have.
[[nodiscard]] std::string price_text(const SpotProduct& product, SpotPrice price);
// "0.01": with as many decimals as are needed.
[[nodiscard]] std::string short_text(std::int64_t units);
// "2026-04-07T14:30:00.123456Z".
[[nodiscard]] std::string iso_us(Timestamp time);
[[nodiscard]] std::int64_t unix_ms(Timestamp time) noexcept;

// price × quantity, cut.
[[nodiscard]] SpotPrice quote_value(SpotPrice price, SpotQuantity quantity) noexcept;
// (to − from) / from in percent, cut; zero if `from` is.
[[nodiscard]] SpotPrice change_percent(SpotPrice from, SpotPrice to) noexcept;
// Whether `at` is a multiple of `period` since 1970.
[[nodiscard]] bool is_multiple(Timestamp at, Duration period) noexcept;

// The newest trade; one without id and size at the day's last price if there was none yet.
[[nodiscard]] SpotTradeReport last_trade(const World& world, const SpotProduct& product);

}  // namespace arbees::sim
