// Polymarket's crypto families: 5- and 15-minute windows, daily thresholds, daily neg-risk ranges. Names and wording
// as live in 2026.

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "core/base/random.h"
#include "sim/eastern.h"
#include "sim/market_lister.h"
#include "sim/seeded_names.h"

namespace arbees::sim {
namespace {

constexpr Duration kShortWindow = std::chrono::minutes(5);
constexpr Duration kLongWindow = std::chrono::minutes(15);
constexpr int kRungs = 2;  // on each side of the middle one

enum Names : std::uint64_t { kConditions = 20, kQuestions = 21, kTokens = 22, kNegRiskIds = 23 };

struct Coin {
  std::string_view ticker;  // "btc"
  std::string_view slug;    // "bitcoin"
  std::string_view name;
  std::int64_t spacing;  // of daily strikes, in 10^-4 dollars
};

const Coin& coin_of(Asset asset) {
  static constexpr Coin kBitcoin{"btc", "bitcoin", "Bitcoin", 2'000 * 10'000};
  static constexpr Coin kEther{"eth", "ethereum", "Ethereum", 100 * 10'000};
  static constexpr Coin kSolana{"sol", "solana", "Solana", 5 * 10'000};
  return asset == Asset::BTC ? kBitcoin : asset == Asset::ETH ? kEther : kSolana;
}

// 76 digits, below 2^256.
std::string token_id(std::uint64_t seed, std::uint64_t number) {
  Random random(seed * 0x9e3779b97f4a7c15ULL + kTokens * 1'000'003 + number);
  std::string digits(1, static_cast<char>('1' + random.below(9)));
  while (digits.size() < 76) digits.push_back(static_cast<char>('0' + random.below(10)));
  return digits;
}

// "84k", "2900", "135"
std::string strike_slug(SpotPrice value) {
  const std::int64_t dollars = value.units() / SpotPrice::kScale;
  return dollars >= 10'000 && dollars % 1'000 == 0 ? fmt::format("{}k", dollars / 1'000) : plain_number(value);
}

std::string date_slug(const EasternTime& date) {
  return fmt::format("{}-{}-{}", lower_month(date.month), date.day, date.year);
}

std::string written_date(const EasternTime& date) { return fmt::format("{} {}", long_month(date.month), date.day); }

std::string binance_address(Asset asset) {
  return fmt::format("https://www.binance.com/en/trade/{}_USDT", asset_name(asset));
}

std::string stream_rules(const Coin& coin, Asset asset) {
  return fmt::format(
      "This market will resolve to \"Up\" if the {0} price at the end of the time range specified in the title is "
      "greater than or equal to the price at the beginning of that range. Otherwise, it will resolve to \"Down\".\n"
      "The resolution source for this market is information from Chainlink, specifically the {1}/USD TWAP data stream "
      "available at https://data.chain.link/streams/{2}-usd-twap-60s-streams.\n"
      "Please note that this market is about the price according to Chainlink data stream {1}/USD, not according to "
      "other sources or spot markets.",
      coin.name, asset_name(asset), coin.ticker);
}

std::string source_rules(Asset asset) {
  return fmt::format(
      "The resolution source for this market is Binance, specifically the {0}/USDT \"Close\" prices currently "
      "available at {1} with \"1m\" and \"Candles\" selected on the top bar.",
      asset_name(asset), binance_address(asset));
}

std::string above_rules(Asset asset) {
  return fmt::format(
      "This market will resolve to \"Yes\" if the Binance 1 minute candle for {0}/USDT 12:00 in the ET timezone (noon) "
      "on the date specified in the title has a final \"Close\" price higher than the price specified in the title. "
      "Otherwise, this market will resolve to \"No\".\n{1}\nPlease note that this market is about the price according "
      "to Binance {0}/USDT, not according to other sources or spot markets.",
      asset_name(asset), source_rules(asset));
}

std::string range_rules(Asset asset) {
  return fmt::format(
      "This market will resolve according to the final \"Close\" price of the Binance 1 minute candle for {0}/USDT "
      "12:00 in the ET timezone (noon) on the date specified in the title. Otherwise, this market will resolve to "
      "\"No\".\n{1}\nIf the reported value falls exactly between two brackets, then this market will resolve to the "
      "higher range bracket.",
      asset_name(asset), source_rules(asset));
}

}  // namespace

void MarketLister::list_polymarket(Timestamp now) {
  const Duration offset = settings_.polymarket_window_offset;
  const auto window = [&](Duration length) {
    return Timestamp((now.time_since_epoch() - offset) / length * length + offset);
  };
  const Timestamp noon = next_noon(now);
  for (const Asset asset : kAssets) {
    for (int i = 0; i < 3; ++i)
      list_polymarket_window(asset, kShortWindow, window(kShortWindow) + i * kShortWindow, now);
    for (int i = 0; i < 2; ++i) list_polymarket_window(asset, kLongWindow, window(kLongWindow) + i * kLongWindow, now);
    for (const Timestamp end : {noon, next_noon(noon)}) {
      list_polymarket_above(asset, end, now);
      list_polymarket_ranges(asset, end, now);
    }
  }
}

Market MarketLister::polymarket_market(const Event& event) {
  const std::uint64_t number = listings_.market_count();
  Market market;
  market.event = event.id;
  market.venue = Venue::Polymarket;
  market.asset = event.asset;
  market.value_decimals = value_decimals(event.asset);
  market.created_at = market.updated_at = event.created_at;
  market.opens_at = event.starts_at;
  market.closes_at = event.ends_at;
  market.phase = ContractPhase::Active;
  market.grid = PriceGrid::uniform(Price::from_units(100));
  market.minimum_order = Quantity::whole(5);
  market.fees.model = FeeModel::PolymarketCurve;
  market.fees.taker_rate = 70'000;
  market.exchange_index = 0;
  market.neg_risk = event.neg_risk;
  market.gamma_id = std::to_string(2'600'000 + number);
  market.condition_id = seeded_hex(settings_.seed, kConditions, number, 32);
  market.question_id = seeded_hex(settings_.seed, kQuestions, number, 32);
  market.token_ids = {token_id(settings_.seed, 2 * number), token_id(settings_.seed, 2 * number + 1)};
  market.yes_sub_title = "Yes";
  market.no_sub_title = "No";
  return market;
}

void MarketLister::list_polymarket_window(Asset asset, Duration length, Timestamp opens_at, Timestamp now) {
  const Coin& coin = coin_of(asset);
  const std::string label = length == kShortWindow ? "5m" : "15m";
  Event event = draft(Venue::Polymarket, asset, opens_at, opens_at + length);
  event.ticker = fmt::format("{}-updown-{}-{}", coin.ticker, label, unix_ns(opens_at) / 1'000'000'000);
  if (is_listed(event)) return;
  const EasternTime from = to_eastern(opens_at);
  const EasternTime to = to_eastern(opens_at + length);
  event.series = fmt::format("{}-up-or-down-{}", coin.ticker, label);
  event.title =
      fmt::format("{} Up or Down - {}, {}-{} ET", coin.name, written_date(from), tight_clock(from), tight_clock(to));
  const Event& added = add_event(std::move(event), now);

  Market market = polymarket_market(added);
  market.ticker = added.ticker;
  market.title = added.title;
  market.payoff = Payoff::UpDown;
  market.comparator = Comparator::GreaterOrEqual;
  market.source = SettlementSource::ChainlinkTwap60;
  market.value_decimals = 8;
  market.yes_sub_title = "Up";
  market.no_sub_title = "Down";
  market.rules_primary = stream_rules(coin, asset);
  market.rules_secondary = fmt::format("https://data.chain.link/streams/{}-usd-twap-60s-streams", coin.ticker);
  listings_.add_market(std::move(market));
}

void MarketLister::list_polymarket_above(Asset asset, Timestamp noon, Timestamp now) {
  const Coin& coin = coin_of(asset);
  const EasternTime date = to_eastern(noon);
  Event event = draft(Venue::Polymarket, asset, now, noon);
  event.ticker = fmt::format("{}-above-on-{}", coin.slug, date_slug(date));
  if (is_listed(event)) return;
  event.series = fmt::format("{}-multi-strikes-weekly", coin.ticker);
  event.title = fmt::format("{} above ___ on {}?", coin.name, written_date(date));
  const Event& added = add_event(std::move(event), now);
  for (int i = -kRungs; i <= kRungs; ++i) {
    Market market = polymarket_market(added);
    market.payoff = Payoff::Threshold;
    market.comparator = Comparator::Greater;
    market.source = SettlementSource::BinanceCandle1m;
    market.lower = rung(asset, coin.spacing, i);
    market.has_lower = true;
    market.ticker = fmt::format("{}-above-{}-on-{}", coin.slug, strike_slug(market.lower), date_slug(date));
    market.title = fmt::format("Will the price of {} be above ${} on {}?", coin.name, grouped_number(market.lower),
                               written_date(date));
    market.group_title = grouped_number(market.lower);
    market.rules_primary = above_rules(asset);
    market.rules_secondary = binance_address(asset);
    listings_.add_market(std::move(market));
  }
}

void MarketLister::list_polymarket_ranges(Asset asset, Timestamp noon, Timestamp now) {
  const Coin& coin = coin_of(asset);
  const EasternTime date = to_eastern(noon);
  Event event = draft(Venue::Polymarket, asset, now, noon);
  event.ticker = fmt::format("{}-price-on-{}", coin.slug, date_slug(date));
  if (is_listed(event)) return;
  event.series = fmt::format("{}-neg-risk-weekly", coin.slug);
  event.title = fmt::format("{} price on {}?", coin.name, written_date(date));
  event.neg_risk = event.mutually_exclusive = true;
  event.neg_risk_id = seeded_hex(settings_.seed, kNegRiskIds, listings_.event_count(), 32);
  const Event& added = add_event(std::move(event), now);
  const auto add = [&](Market market, const std::string& slug, const std::string& what, const std::string& label) {
    market.source = SettlementSource::BinanceCandle1m;
    market.has_lower = true;
    market.ticker = fmt::format("will-the-price-of-{}-be-{}-on-{}", coin.slug, slug, date_slug(date));
    market.title = fmt::format("Will the price of {} be {} on {}?", coin.name, what, written_date(date));
    market.group_title = label;
    market.rules_primary = range_rules(asset);
    market.rules_secondary = binance_address(asset);
    listings_.add_market(std::move(market));
  };
  const Strike lowest = rung(asset, coin.spacing, -kRungs);
  const Strike highest = rung(asset, coin.spacing, kRungs);
  Market below = polymarket_market(added);
  below.payoff = Payoff::Threshold;
  below.comparator = Comparator::Less;
  below.lower = lowest;
  add(below, "less-than-" + strike_slug(lowest), "less than $" + grouped_number(lowest), "<" + grouped_number(lowest));
  for (int i = -kRungs; i < kRungs; ++i) {
    Market band = polymarket_market(added);
    band.payoff = Payoff::Range;
    band.lower = rung(asset, coin.spacing, i);
    band.upper = rung(asset, coin.spacing, i + 1);
    band.has_upper = true;
    add(band, fmt::format("between-{}-{}", strike_slug(band.lower), strike_slug(band.upper)),
        fmt::format("between ${} and ${}", grouped_number(band.lower), grouped_number(band.upper)),
        fmt::format("{}-{}", grouped_number(band.lower), grouped_number(band.upper)));
  }
  Market above = polymarket_market(added);
  above.payoff = Payoff::Threshold;
  above.comparator = Comparator::GreaterOrEqual;
  above.lower = highest;
  add(above, "greater-than-" + strike_slug(highest), "greater than $" + grouped_number(highest),
      ">" + grouped_number(highest));
}

}  // namespace arbees::sim
