#include "sim/fair_value.h"

#include <algorithm>

#include "core/base/wide_int.h"
#include "sim/normal.h"

namespace arbees::sim {
namespace {

constexpr std::int64_t kWindow = 60;  // seconds of the averages

struct Law {
  std::int64_t mean = 0;  // SpotPrice units
  std::int64_t deviation = 1;
};

// price × volatility × √seconds; `root` in thousandths of √s.
std::int64_t deviation_of(SpotPrice price, Asset asset, std::int64_t root) noexcept {
  const Int128 scaled = Int128{price.units()} * volatility_ppb(asset) * root;
  return std::max<std::int64_t>(static_cast<std::int64_t>(scaled / 1'000'000'000 / 1'000), 1);
}

// Of the mean of sixty prints before `end`: part of it may be known.
Law average_law(const Market& market, const SpotMarket& spot, Timestamp end, Timestamp now) {
  const SpotPrice price = spot.price(market.asset);
  const Timestamp begins = end - std::chrono::seconds(kWindow);
  const std::int64_t left_ms = std::chrono::floor<std::chrono::milliseconds>(end - now).count();
  if (now < begins) return {price.units(), deviation_of(price, market.asset, integer_root((left_ms - 40'000) * 1'000))};
  const bool is_index = market.source == SettlementSource::CfBenchmarksMean60;
  const SpotMarket::Sum known =
      is_index ? spot.index_sum(market.asset, begins, end)
               : spot.chainlink_sum(market.asset, begins + std::chrono::seconds(1), end + std::chrono::seconds(1));
  const std::int64_t unit = is_index ? power_of_ten(8 - value_decimals(market.asset)) : 1;
  const std::int64_t rest = kWindow - known.count;
  Law law;
  law.mean = static_cast<std::int64_t>((Int128{known.sum} * unit + Int128{price.units()} * rest) / kWindow);
  // √(rest³/3) / 60, in thousandths
  law.deviation = deviation_of(price, market.asset, integer_root(rest * rest * rest * 1'000'000 / 3) / kWindow);
  return law;
}

Law point_law(const Market& market, const SpotMarket& spot, Timestamp end, Timestamp now) {
  const SpotPrice price = spot.ladder(Venue::Binance, market.asset).middle();
  const std::int64_t left_ms =
      std::max<std::int64_t>(std::chrono::floor<std::chrono::milliseconds>(end - now).count(), 0);
  return {price.units(), deviation_of(price, market.asset, integer_root(left_ms * 1'000))};
}

std::int64_t probability_above(const Law& law, Strike strike) noexcept {
  const Int128 z = Int128{law.mean - strike.units()} * kNormalScale / law.deviation;
  const Int128 limit = 10 * kNormalScale;
  return normal_probability(static_cast<std::int64_t>(std::clamp(z, -limit, limit)));
}

}  // namespace

Timestamp decides_at(const Market& market) noexcept {
  const bool is_candle = market.source == SettlementSource::BinanceCandle1m;
  return is_candle ? market.closes_at + std::chrono::minutes(1) : market.closes_at;
}

std::int64_t fair_probability(const Market& market, const SpotMarket& spot, Timestamp now) {
  if (!market.has_lower) return kNormalScale / 2;
  const Timestamp end = decides_at(market);
  const Law law = market.source == SettlementSource::BinanceCandle1m ? point_law(market, spot, end, now)
                                                                     : average_law(market, spot, end, now);
  const std::int64_t above = probability_above(law, market.lower);
  if (market.payoff == Payoff::Range) return above - probability_above(law, market.upper);
  const bool pays_below = market.comparator == Comparator::Less || market.comparator == Comparator::LessOrEqual;
  return pays_below ? kNormalScale - above : above;
}

}  // namespace arbees::sim
