#include "sim/spot_text.h"

#include "adapters/telemetry/format.h"
#include "core/base/wide_int.h"

namespace arbees::sim {

std::string price_text(const SpotProduct& product, SpotPrice price) {
  return format_decimal(price.units() / power_of_ten(SpotPrice::kDecimals - product.price_decimals),
                        product.price_decimals);
}

std::string short_text(std::int64_t units) { return format_decimal_short(units, SpotPrice::kDecimals); }

std::string iso_us(Timestamp time) {
  std::string text = to_iso_ns(time);
  text.replace(text.size() - 4, 4, "Z");
  return text;
}

std::int64_t unix_ms(Timestamp time) noexcept { return unix_ns(time) / 1'000'000; }

SpotPrice quote_value(SpotPrice price, SpotQuantity quantity) noexcept {
  const Int128 product = static_cast<Int128>(price.units()) * quantity.units() / SpotQuantity::kScale;
  return SpotPrice::from_units(static_cast<std::int64_t>(product));
}

SpotPrice change_percent(SpotPrice from, SpotPrice to) noexcept {
  if (from.is_zero()) return {};
  const Int128 scaled = static_cast<Int128>(to.units() - from.units()) * 100 * SpotPrice::kScale / from.units();
  return SpotPrice::from_units(static_cast<std::int64_t>(scaled));
}

bool is_multiple(Timestamp at, Duration period) noexcept { return at.time_since_epoch() % period == Duration{0}; }

SpotTradeReport last_trade(const World& world, const SpotProduct& product) {
  const std::vector<SpotTradeReport> newest = world.spot_trades(product, 1);
  if (!newest.empty()) return newest.front();
  SpotTradeReport none;
  none.price = world.spot_day(product).last;
  none.time = world.now();
  return none;
}

}  // namespace arbees::sim
