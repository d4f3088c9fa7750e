// Kalshi's crypto series: 15-minute windows, threshold ladders, ranges. Names and wording as live in 2026.

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "sim/eastern.h"
#include "sim/market_lister.h"

namespace arbees::sim {
namespace {

constexpr Duration kWindow = std::chrono::minutes(15);
constexpr int kRungs = 3;  // on each side of the middle one
constexpr int kBands = 2;

// How one coin is written. Spacing of strikes in 10^-4 dollars.
struct Coin {
  std::string_view name;
  std::string_view window_series;
  std::string_view ladder_series;
  std::string_view range_series;
  std::string_view short_index;
  std::string_view long_index;
  std::int64_t spacing;
};

const Coin& coin_of(Asset asset) {
  static constexpr Coin kBitcoin{"Bitcoin",   "KXBTC15M", "KXBTCD", "KXBTC", "BRTI", "Bitcoin Real-Time Index (BRTI)",
                                 250 * 10'000};
  static constexpr Coin kEther{
      "Ethereum", "KXETH15M", "KXETHD", "KXETH", "ETHUSD_RTI", "Ethereum Real-Time Index (ERTI)", 10 * 10'000};
  static constexpr Coin kSolana{
      "Solana", "KXSOL15M", "KXSOLD", "KXSOLE", "SOLUSD_RTI", "Solana Real-Time Index (SOLUSD_RTI)", 5'000};
  return asset == Asset::BTC ? kBitcoin : asset == Asset::ETH ? kEther : kSolana;
}

std::string written_date(const EasternTime& time) {
  return fmt::format("{} {}, {}", short_month(time.month), time.day, time.year);
}

std::string average_before(std::string_view index, const EasternTime& time) {
  return fmt::format("simple average of the sixty seconds of CF Benchmarks' {} before {}", index, written_clock(time));
}

// The smallest step of published values: 0.01, SOL 0.0001.
Strike published_step(Asset asset) { return Strike::from_units(power_of_ten(8 - value_decimals(asset))); }

std::string secondary_rules(Asset asset) {
  return fmt::format(
      "The price that decides this market is based on CF Benchmarks' corresponding Real Time Index (RTI). In the last "
      "minute before expiration 60 RTI prices are collected. The official and final value is the average of these "
      "prices, rounded to the nearest {} decimal places. If data are incomplete or missing, the market resolves to "
      "No.",
      int{value_decimals(asset)});
}

Timestamp floor_to(Timestamp time, Duration length, Duration offset) {
  return Timestamp((time.time_since_epoch() - offset) / length * length + offset);
}

}  // namespace

void MarketLister::list_kalshi(Timestamp now) {
  const Timestamp window = floor_to(now, kWindow, settings_.kalshi_window_offset);
  const Timestamp ladder = floor_to(now, settings_.kalshi_ladder, settings_.kalshi_window_offset);
  for (const Asset asset : kAssets) {
    for (int i = 0; i < 2; ++i) list_kalshi_window(asset, window + i * kWindow, now);
    for (int i = 1; i <= 2; ++i) {
      list_kalshi_ladder(asset, ladder + i * settings_.kalshi_ladder, now);
      list_kalshi_ranges(asset, ladder + i * settings_.kalshi_ladder, now);
    }
  }
}

Market MarketLister::kalshi_market(const Event& event) const {
  Market market;
  market.event = event.id;
  market.venue = Venue::Kalshi;
  market.asset = event.asset;
  market.source = SettlementSource::CfBenchmarksMean60;
  market.value_decimals = value_decimals(event.asset);
  market.created_at = market.updated_at = event.created_at;
  market.opens_at = event.starts_at;
  market.closes_at = event.ends_at;
  market.phase = ContractPhase::Initialized;
  market.grid = PriceGrid::uniform(Price::from_units(100));
  market.structure = "linear_cent";
  market.fees.model = FeeModel::KalshiQuadratic;
  market.fees.taker_rate = 70'000;
  market.title = event.title;
  market.rules_secondary = secondary_rules(event.asset);
  return market;
}

void MarketLister::list_kalshi_window(Asset asset, Timestamp opens_at, Timestamp now) {
  const Coin& coin = coin_of(asset);
  const Timestamp closes_at = opens_at + kWindow;
  const EasternTime opens = to_eastern(opens_at);
  const EasternTime closes = to_eastern(closes_at);
  Event event = draft(Venue::Kalshi, asset, opens_at, closes_at);
  event.series = coin.window_series;
  event.ticker = fmt::format("{}-{}", coin.window_series, ticker_stamp(closes, true));
  if (is_listed(event)) return;
  event.title = fmt::format("{} price up in next 15 mins?", asset_name(asset));
  const Event& added = add_event(std::move(event), now);

  Market market = kalshi_market(added);
  market.ticker = fmt::format("{}-{:02}", added.ticker, closes.minute);
  market.payoff = Payoff::UpDown;
  market.comparator = Comparator::GreaterOrEqual;
  market.grid = PriceGrid::tapered_deci_cent();
  market.structure = "tapered_deci_cent";
  market.yes_sub_title = market.no_sub_title = "Target Price: TBD";
  market.rules_primary = fmt::format("If the {} on {} is at least the {} on {}, then the market resolves to Yes.",
                                     average_before(coin.short_index, closes), written_date(closes),
                                     average_before(coin.short_index, opens), written_date(opens));
  listings_.add_market(std::move(market));
}

void MarketLister::list_kalshi_ladder(Asset asset, Timestamp closes_at, Timestamp now) {
  const Coin& coin = coin_of(asset);
  const EasternTime closes = to_eastern(closes_at);
  Event event = draft(Venue::Kalshi, asset, now, closes_at);
  event.series = coin.ladder_series;
  event.ticker = fmt::format("{}-{}", coin.ladder_series, ticker_stamp(closes, closes.minute != 0));
  if (is_listed(event)) return;
  event.title = fmt::format("{} price on {} at {}?", coin.name, written_date(closes), written_clock(closes));
  const Event& added = add_event(std::move(event), now);
  for (int i = -kRungs; i <= kRungs; ++i) {
    const Strike reached = rung(asset, coin.spacing, i);
    Market market = kalshi_market(added);
    market.payoff = Payoff::Threshold;
    market.comparator = Comparator::Greater;
    market.lower = reached - published_step(asset);
    market.has_lower = true;
    market.ticker = fmt::format("{}-T{}", added.ticker, plain_number(market.lower));
    market.yes_sub_title = market.no_sub_title = fmt::format("${} or above", grouped_number(reached));
    market.rules_primary = fmt::format("If the {} is above {} at {} on {}, then the market resolves to Yes.",
                                       average_before(coin.long_index, closes), plain_number(market.lower),
                                       written_clock(closes), written_date(closes));
    listings_.add_market(std::move(market));
  }
}

void MarketLister::list_kalshi_ranges(Asset asset, Timestamp closes_at, Timestamp now) {
  const Coin& coin = coin_of(asset);
  const EasternTime closes = to_eastern(closes_at);
  Event event = draft(Venue::Kalshi, asset, now, closes_at);
  event.series = coin.range_series;
  event.ticker = fmt::format("{}-{}", coin.range_series, ticker_stamp(closes, closes.minute != 0));
  if (is_listed(event)) return;
  event.title = fmt::format("{} price range on {}?", coin.name, written_date(closes));
  event.mutually_exclusive = true;
  const Event& added = add_event(std::move(event), now);
  const std::string average = average_before(coin.long_index, closes);
  const std::string at = fmt::format("at {} on {}", written_clock(closes), written_date(closes));
  const auto add = [&](Market market, const std::string& suffix, const std::string& title, const std::string& what) {
    market.ticker = fmt::format("{}-{}", added.ticker, suffix);
    market.yes_sub_title = market.no_sub_title = title;
    market.has_lower = true;
    market.rules_primary = fmt::format("If the {} is {} {}, then the market resolves to Yes.", average, what, at);
    listings_.add_market(std::move(market));
  };
  const Strike lowest = rung(asset, coin.spacing, -kBands);
  const Strike highest = rung(asset, coin.spacing, kBands);
  Market below = kalshi_market(added);
  below.payoff = Payoff::Threshold;
  below.comparator = Comparator::Less;
  below.lower = lowest;
  add(below, "T" + plain_number(lowest), fmt::format("${} or below", grouped_number(lowest - published_step(asset))),
      "below " + plain_number(lowest));
  for (int i = -kBands; i < kBands; ++i) {
    Market band = kalshi_market(added);
    band.payoff = Payoff::Range;
    band.lower = rung(asset, coin.spacing, i);
    const Strike next = rung(asset, coin.spacing, i + 1);
    band.upper = next - published_step(asset);
    band.has_upper = band.includes_upper = true;
    const Strike middle = Strike::from_units((band.lower.units() + next.units()) / 2);
    add(band, "B" + plain_number(middle),
        fmt::format("${} to {}", grouped_number(band.lower), grouped_number(band.upper)),
        fmt::format("between {}-{}", plain_number(band.lower), plain_number(band.upper)));
  }
  Market above = kalshi_market(added);
  above.payoff = Payoff::Threshold;
  above.comparator = Comparator::Greater;
  above.lower = highest - published_step(asset);
  add(above, "T" + plain_number(above.lower), fmt::format("${} or above", grouped_number(highest)),
      "above " + plain_number(above.lower));
}

}  // namespace arbees::sim
