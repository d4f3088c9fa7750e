#include "core/pricing/live_model.h"

#include <algorithm>

#include "core/market/settlement_value.h"

namespace arbees {
namespace {

constexpr Duration kSampleSpacing = std::chrono::milliseconds(200);
// A print of a second may come this late in the stamp: sources that tick five times a second mark whole ones so.
constexpr std::int64_t kStampSlackNs = 50'000'000;
constexpr Duration kPrintsAge = std::chrono::milliseconds(2500);
constexpr std::int64_t kSecondNs = 1'000'000'000;

double as_double(SpotPrice price) noexcept { return static_cast<double>(price.units()) / SpotPrice::kScale; }

bool is_known(Asset asset) noexcept { return asset != Asset::Unknown && static_cast<std::size_t>(asset) < kAssetCount; }

bool is_cf(SettlementSource source) noexcept { return source == SettlementSource::CfBenchmarksMean60; }

VolatilitySettings volatility_settings(const ModelParameters& parameters) noexcept {
  VolatilitySettings settings;
  settings.window_days = static_cast<int>(parameters.volatility_window_days);
  settings.time_decay = parameters.time_decay;
  return settings;
}

// Which of a mark's three measures this source starts from.
std::size_t measure_of(SettlementSource source) noexcept {
  if (source == SettlementSource::ChainlinkTwap30) return 1;
  return source == SettlementSource::ChainlinkSpot ? 2 : 0;
}

SpotPrice rounded(SpotPrice value, std::uint8_t decimals) noexcept {
  if (decimals >= SpotPrice::kDecimals) return value;
  const std::int64_t unit = power_of_ten(SpotPrice::kDecimals - decimals);
  return SpotPrice::from_units((value.units() + unit / 2) / unit * unit);
}

}  // namespace

LiveModel::LiveModel(const ModelParameters& parameters) : parameters_(parameters) {
  coins_.reserve(kAssetCount);
  for (std::size_t i = 0; i < kAssetCount; ++i) coins_.emplace_back(volatility_settings(parameters));
  spot_.require_venues(static_cast<std::uint8_t>(parameters.required_sources));
}

Asset LiveModel::on_event(const Event& event) noexcept {
  if (const auto* candle = std::get_if<SpotCandle>(&event.body)) {
    on(*candle);
    return Asset::Unknown;
  }
  if (const auto* set = std::get_if<ModelParameterSet>(&event.body)) {
    on(*set);
    return Asset::Unknown;
  }
  if (std::holds_alternative<TimerTick>(event.body)) {
    for (std::size_t i = 1; i < kAssetCount; ++i) sample(static_cast<Asset>(i), event.received_at);
    return Asset::Unknown;
  }
  Asset changed = Asset::Unknown;
  if (const auto* quote = std::get_if<SpotQuote>(&event.body)) changed = quote->asset;
  if (const auto* trade = std::get_if<SpotTrade>(&event.body)) changed = trade->asset;
  if (const auto* update = std::get_if<SpotBookUpdate>(&event.body); update != nullptr && update->is_last()) {
    changed = update->asset;
  }
  if (const auto* print = std::get_if<IndexPrint>(&event.body)) {
    if (!is_known(print->asset)) return Asset::Unknown;
    changed = print->asset;
    on(*print, event.received_at);
  }
  spot_.on_event(event);
  if (!is_known(changed)) return Asset::Unknown;
  sample(changed, event.received_at);
  return changed;
}

void LiveModel::on(const SpotCandle& candle) noexcept {
  if (!is_known(candle.asset) || candle.length <= Duration{0}) return;
  Coin& coin = this->coin(candle.asset);
  const Timestamp end = candle.opened_at + candle.length;
  // History that comes after live prices have begun: measured again from there on.
  if (coin.first_datum != kNoTime && end < coin.first_datum) {
    coin.volatility = Volatility(volatility_settings(parameters_));
    coin.first_datum = kNoTime;
  }
  if (coin.first_datum == kNoTime) coin.first_datum = candle.opened_at;
  coin.volatility.add_candle(
      end, static_cast<double>(candle.length.count()) * 1e-9,
      {as_double(candle.open), as_double(candle.high), as_double(candle.low), as_double(candle.close)});
}

void LiveModel::on(const ModelParameterSet& set) noexcept {
  const ModelParameters before = parameters_;
  if (!set_model_parameter(parameters_, set.row, set.value)) return;
  spot_.require_venues(static_cast<std::uint8_t>(parameters_.required_sources));
  const bool is_same = before.volatility_window_days == parameters_.volatility_window_days &&
                       before.time_decay == parameters_.time_decay;
  if (is_same) return;
  for (Coin& coin : coins_) {
    coin.volatility = Volatility(volatility_settings(parameters_));
    coin.first_datum = kNoTime;
  }
}

void LiveModel::on(const IndexPrint& print, Timestamp now) noexcept {
  const std::int64_t at = unix_ns(print.index_time);
  const std::int64_t second = at / kSecondNs;
  if (at <= 0 || (is_cf(print.source) && at % kSecondNs > kStampSlackNs)) return;
  if (!is_cf(print.source) && print.source != SettlementSource::ChainlinkSpot) return;
  Prints& prints = coin(print.asset).prints[is_cf(print.source) ? kCfBenchmarks : kChainlink];
  prints.ring.add(second, print.value);
  prints.received_at = now;
  if (second % kMarkS != 0) return;
  Start& start = prints.starts[static_cast<std::size_t>(second / kMarkS) % kStarts];
  start = Start{second, {}};
  const int last = is_cf(print.source) ? 1 : 0;
  const std::array<AveragingRule, 3> rules = {AveragingRule{60, last}, AveragingRule{30, last}, AveragingRule{1, 0}};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto sum = prints.ring.complete_sum(rules[i], second);
    if (sum) start.values[i] = SpotPrice::from_units(settled_value(*sum, rules[i].prints));
  }
}

void LiveModel::sample(Asset asset, Timestamp now) noexcept {
  Coin& coin = this->coin(asset);
  if (now - coin.sampled_at < kSampleSpacing) return;
  coin.sampled_at = now;
  const ConsolidatedSpot::Estimate estimate = spot_.composite(asset, now);
  if (!estimate) return;
  if (coin.first_datum == kNoTime) coin.first_datum = now;
  coin.volatility.add_price(now, as_double(estimate->value));
  // The price that a second begins with; overwritten until it does.
  coin.proxies.add(unix_ns(now) / kSecondNs + 1, estimate->value);
}

SpotPrice LiveModel::start_value(const ContractTerms& terms) const noexcept {
  const std::int64_t second = unix_ns(terms.opens_at) / kSecondNs;
  if (second % kMarkS != 0 || unix_ns(terms.opens_at) % kSecondNs != 0) return {};
  const bool has_prints = averaging_rule(terms.source) && terms.source != SettlementSource::BinanceCandle1m &&
                          terms.source != SettlementSource::BinanceCandle1h;
  if (!has_prints) return {};
  const Prints& prints = coin(terms.asset).prints[is_cf(terms.source) ? kCfBenchmarks : kChainlink];
  const Start& start = prints.starts[static_cast<std::size_t>(second / kMarkS) % kStarts];
  return start.second == second ? rounded(start.values[measure_of(terms.source)], terms.rounding_decimals)
                                : SpotPrice{};
}

ConsolidatedSpot::Estimate LiveModel::spot(Asset asset, SettlementSource source, Timestamp now) noexcept {
  if (!is_known(asset)) return failure(PriceUnavailable::UnknownTerms);
  return spot_.estimate(asset, source, now);
}

Result<PreparedPrice, PriceUnavailable> LiveModel::prepare(const ContractTerms& terms, Timestamp now) noexcept {
  const ConsolidatedSpot::Estimate estimate = spot(terms.asset, terms.source, now);
  if (!estimate) return failure(estimate.error());
  const Coin& coin = this->coin(terms.asset);
  FairValueInputs inputs;
  inputs.spot = *estimate;
  inputs.volatility = &coin.volatility;
  const Prints& prints = coin.prints[is_cf(terms.source) ? kCfBenchmarks : kChainlink];
  inputs.prints_are_proxies = now - prints.received_at > kPrintsAge;
  inputs.prints = inputs.prints_are_proxies ? &coin.proxies : &prints.ring;
  if (terms.payoff != Payoff::UpDown || terms.has_lower != 0) return prepare_price(terms, inputs, now, settings_);
  ContractTerms started = terms;
  started.lower = start_value(terms);
  started.has_lower = started.lower.is_positive() ? 1 : 0;
  return prepare_price(started, inputs, now, settings_);
}

FairValueResult LiveModel::value(const ContractTerms& terms, Timestamp now) noexcept {
  const auto prepared = prepare(terms, now);
  if (!prepared) return failure(prepared.error());
  if (terms.payoff != Payoff::UpDown || terms.has_lower != 0) {
    return value_with_band(terms, prepared->inputs, prepared->relative_volatility_error);
  }
  ContractTerms started = terms;
  started.lower = start_value(terms);
  return value_with_band(started, prepared->inputs, prepared->relative_volatility_error);
}

double LiveModel::volatility_ratio(Asset asset, Timestamp now, Timestamp until) const noexcept {
  if (!is_known(asset)) return 1.0;
  const auto forecast = coin(asset).volatility.forecast(now, until);
  const double usual = coin(asset).volatility.usual();
  return forecast && usual > 0.0 ? forecast->annual / usual : 1.0;
}

}  // namespace arbees
