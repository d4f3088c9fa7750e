#include "sim/spot_market.h"

#include <algorithm>
#include <string>

#include "core/base/wide_int.h"
#include "core/market/settlement_value.h"
#include "sim/normal.h"

namespace arbees::sim {
namespace {

constexpr std::int64_t kRootOfSecond = 1'000'000;
constexpr std::int64_t kRootOfStep = 223'607;  // √0.05
constexpr Duration kPast = std::chrono::minutes(4 * 60 + 5);
constexpr std::size_t kPrintsKept = 4 * 3600;

SpotProduct product(Venue venue, Asset asset) {
  const std::string name(asset_name(asset));
  SpotProduct product;
  product.venue = venue;
  product.asset = asset;
  product.symbol = venue == Venue::Coinbase ? name + "-USD" : name + "USDT";
  product.tick = SpotPrice::from_units(SpotPrice::kScale / 100);
  product.price_decimals = 2;
  product.quantity_decimals = venue == Venue::Coinbase ? 8 : asset == Asset::BTC ? 5 : asset == Asset::ETH ? 4 : 3;
  product.step = SpotQuantity::from_units(power_of_ten(8 - product.quantity_decimals));
  return product;
}

SpotPrice with_ppb(SpotPrice price, std::int64_t ppb) noexcept {
  return price + SpotPrice::from_units(static_cast<std::int64_t>(Int128{price.units()} * ppb / 1'000'000'000));
}

std::int64_t published_unit(Asset asset) noexcept { return power_of_ten(8 - value_decimals(asset)); }

}  // namespace

SpotMarket::SpotMarket(std::uint64_t seed, Timestamp starts_at) : process_(seed), random_(seed ^ 0x1dea) {
  for (const Venue venue : {Venue::Coinbase, Venue::Binance}) {
    for (const Asset asset : kAssets) {
      ladders_.emplace_back(product(venue, asset), seed * 1'000'003 + ladders_.size());
    }
  }
  Timestamp second = std::chrono::floor<std::chrono::seconds>(starts_at - kPast);
  for (; second <= starts_at; second += std::chrono::seconds(1)) {
    process_.step(kRootOfSecond);
    print(second);
    for (SpotLadder& ladder : ladders_) {
      if (random_.chance(1, 5)) ladder.add_past_trade(venue_price(ladder), second);
    }
  }
  std::vector<SpotLevelChange> changes;
  std::vector<SpotTradeReport> trades;
  for (SpotLadder& ladder : ladders_) ladder.follow(venue_price(ladder), starts_at, changes, trades);
}

SpotPrice SpotMarket::venue_price(const SpotLadder& ladder) const noexcept {
  const Asset asset = ladder.product().asset;
  const std::size_t venue = ladder.product().venue == Venue::Coinbase ? 0 : 1;
  return with_ppb(process_.price(asset), venue_basis_ppb_[venue * kSimAssetCount + asset_index(asset)]);
}

void SpotMarket::print(Timestamp second) {
  for (std::int64_t& basis : venue_basis_ppb_) basis += -basis / 20 + random_.between(-2'000, 2'000);
  for (std::size_t i = 0; i < kSimAssetCount; ++i) {
    chainlink_basis_ppb_[i] += -chainlink_basis_ppb_[i] / 30 + random_.between(-4'000, 4'000);
    const SpotPrice middle =
        with_ppb(process_.price(kAssets[i]), (venue_basis_ppb_[i] + venue_basis_ppb_[kSimAssetCount + i]) / 2);
    const std::int64_t unit = published_unit(kAssets[i]);
    References& references = references_[i];
    references.index.push_back(SpotPrice::from_units((middle.units() + unit / 2) / unit * unit));
    references.chainlink.push_back(with_ppb(process_.price(kAssets[i]), chainlink_basis_ppb_[i]));
    if (references.index.size() <= kPrintsKept) continue;
    references.index.pop_front();
    references.chainlink.pop_front();
  }
  last_print_ = second;
}

void SpotMarket::follow(SpotLadder& ladder, Timestamp now, const Listeners& listeners) {
  std::vector<SpotLevelChange> changes;
  std::vector<SpotTradeReport> trades;
  ladder.follow(venue_price(ladder), now, changes, trades);
  listeners.tell([&](WorldListener& listener) {
    for (const SpotTradeReport& trade : trades) listener.on_spot_trade(ladder.product(), trade);
    for (const SpotLevelChange& change : changes) listener.on_spot_change(ladder.product(), change);
  });
}

void SpotMarket::step(Timestamp now, const Listeners& listeners) {
  process_.step(kRootOfStep);
  // Each book moves every other step: a hundred milliseconds apart.
  const bool is_even = now.time_since_epoch() / kStep % 2 == 0;
  for (SpotLadder& ladder : ladders_) {
    if ((ladder.product().venue == Venue::Coinbase) == is_even) follow(ladder, now, listeners);
  }
  if (now.time_since_epoch() % std::chrono::seconds(1) != Duration{0} || now <= last_print_) return;
  print(now);
  for (const Asset asset : kAssets) {
    for (const auto source : {SettlementSource::CfBenchmarksMean60, SettlementSource::ChainlinkTwap60}) {
      const IndexValue value = reference(asset, source, now);
      listeners.tell([&](WorldListener& listener) { listener.on_index(value); });
    }
  }
}

const SpotLadder& SpotMarket::ladder(Venue venue, Asset asset) const noexcept {
  return ladders_[(venue == Venue::Coinbase ? 0 : kSimAssetCount) + asset_index(asset)];
}

std::int64_t SpotMarket::position(Timestamp second) const noexcept {
  const auto behind = std::chrono::floor<std::chrono::seconds>(last_print_ - second).count();
  return static_cast<std::int64_t>(references_[0].index.size()) - 1 - behind;
}

SpotPrice SpotMarket::index(Asset asset, Timestamp second) const noexcept {
  const std::int64_t at = position(second);
  const auto& prints = references_[asset_index(asset)].index;
  if (at < 0 || at >= static_cast<std::int64_t>(prints.size())) return {};
  return prints[static_cast<std::size_t>(at)];
}

SpotMarket::Sum SpotMarket::sum_of(const std::deque<SpotPrice>& prints, Timestamp from, Timestamp to,
                                   std::int64_t unit) const noexcept {
  Sum sum;
  const std::int64_t first = std::max<std::int64_t>(position(from), 0);
  const std::int64_t last = std::min(position(to), static_cast<std::int64_t>(prints.size()));
  for (std::int64_t at = first; at < last; ++at) {
    sum.sum += prints[static_cast<std::size_t>(at)].units() / unit;
    ++sum.count;
  }
  return sum;
}

SpotMarket::Sum SpotMarket::index_sum(Asset asset, Timestamp from, Timestamp to) const noexcept {
  return sum_of(references_[asset_index(asset)].index, from, to, published_unit(asset));
}

SpotMarket::Sum SpotMarket::chainlink_sum(Asset asset, Timestamp from, Timestamp to) const noexcept {
  return sum_of(references_[asset_index(asset)].chainlink, from, to, 1);
}

SpotPrice SpotMarket::index_mean60(Asset asset, Timestamp second) const noexcept {
  const Sum sum = index_sum(asset, second - std::chrono::seconds(60), second);
  if (sum.count != 60) return {};
  return SpotPrice::from_units(settled_value(sum.sum, 60) * published_unit(asset));
}

SpotPrice SpotMarket::twap60(Asset asset, Timestamp second) const noexcept {
  const std::int64_t last = position(second);
  const auto& values = references_[asset_index(asset)].chainlink;
  if (last < 59 || last >= static_cast<std::int64_t>(values.size())) return {};
  Int128 sum = 0;
  for (std::int64_t at = last - 59; at <= last; ++at) sum += values[static_cast<std::size_t>(at)].units();
  return SpotPrice::from_units(static_cast<std::int64_t>(sum / 60));
}

IndexValue SpotMarket::reference(Asset asset, SettlementSource source, Timestamp time) const noexcept {
  const Timestamp second = std::min(Timestamp(std::chrono::floor<std::chrono::seconds>(time)), last_print_);
  IndexValue value;
  value.asset = asset;
  value.source = source;
  value.time = second;
  const bool is_index = source == SettlementSource::CfBenchmarksMean60;
  value.value = is_index ? index(asset, second) : twap60(asset, second);
  if (is_index) value.mean60 = index_mean60(asset, second);
  return value;
}

}  // namespace arbees::sim
