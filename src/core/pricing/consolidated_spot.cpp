#include "core/pricing/consolidated_spot.h"

#include <algorithm>
#include <cmath>

namespace arbees {
namespace {

constexpr double kBasisPoint = 1e-4;
constexpr double kVoiceNoise = 1.0 * kBasisPoint;      // of any venue against the others
constexpr double kNoisePerSecond = 1.0 * kBasisPoint;  // per √s of age: 55 % a year
constexpr double kTradeNoise = 2.0 * kBasisPoint;      // a last trade sits on either side of the mid
constexpr double kUsdcNoise = 3.0 * kBasisPoint;       // USDC against the dollar
constexpr double kTetherNoise = 20.0 * kBasisPoint;    // USDT without a leg: 10 bp off were seen
constexpr double kTetherLegNoise = 1.0 * kBasisPoint;  // with one, beside its spread
constexpr double kLargestTetherMove = 0.05;            // a leg farther from 1 is no leg
constexpr double kProxyFloor = 1.0 * kBasisPoint;      // of any composite as an estimate of the index
constexpr double kNowcastFloor = 0.3 * kBasisPoint;    // of the index between its prints
constexpr std::uint32_t kPrintsToTrust = 10;           // before the nowcast's own error is believed
constexpr double kJump = 30.0 * kBasisPoint;           // off one's own past
constexpr double kNarrowestBand = 20.0 * kBasisPoint;  // around the median
constexpr double kWidestBand = 30.0 * kBasisPoint;
constexpr double kDeviations = 5.0 * 1.4826;  // median absolute deviations, scaled to a normal's sd
constexpr double kPastHalfLifeS = 3.0;
constexpr Duration kPastForgotten = std::chrono::seconds(60);
constexpr Duration kTetherAge = std::chrono::seconds(60);

double to_double(SpotPrice price) noexcept { return static_cast<double>(price.units()) / SpotPrice::kScale; }
SpotPrice to_price(double value) noexcept { return SpotPrice::from_units(std::llround(value * SpotPrice::kScale)); }
double seconds(Duration span) noexcept { return static_cast<double>(span.count()) * 1e-9; }
double mid_of(const SpotTop& top) noexcept { return 0.5 * (to_double(top.bid) + to_double(top.ask)); }
double square(double x) noexcept { return x * x; }

// Of at most as many values as there are venues; they are put in order.
double median(std::span<double> values) noexcept {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

bool is_heard(const SpotVoice& voice) noexcept { return voice.excluded == SpotExclusion::None; }

// Whether `a` speaks for their venue rather than `b`.
bool speaks_before(const SpotVoice& a, const SpotVoice& b) noexcept {
  if (is_heard(a) != is_heard(b)) return is_heard(a);
  return a.quote != b.quote ? a.quote < b.quote : a.observed_at > b.observed_at;
}

}  // namespace

std::string_view spot_exclusion_name(SpotExclusion reason) noexcept {
  constexpr std::array<std::string_view, 7> kNames = {"none",    "no_price",         "feed_down", "stale",
                                                      "crossed", "unconfirmed_jump", "off_median"};
  return kNames[static_cast<std::size_t>(reason)];
}

ConsolidatedSpot::ConsolidatedSpot(const ConsolidatedSpotSettings& settings) : settings_(settings) {}

std::span<const SpotVoice> ConsolidatedSpot::voices(Asset asset) const noexcept {
  const Voices& voices = coins_[static_cast<std::size_t>(asset)].voices;
  return {voices.data(), voices.size()};
}

void ConsolidatedSpot::on_event(const Event& event) noexcept {
  if (const auto* print = std::get_if<IndexPrint>(&event.body)) return on_print(*print, event.received_at);
  const SpotMarketPair* changed = market_.apply(event);
  for (; known_pairs_ < market_.pairs().size(); ++known_pairs_) {
    const SpotMarketPair& pair = market_.pairs()[known_pairs_];
    const auto place = static_cast<std::uint16_t>(known_pairs_);
    auto& coin_pairs = coins_[static_cast<std::size_t>(pair.asset)].pairs;
    if (pair.is_tether_in_dollars) {
      if (!tether_pairs_.full()) tether_pairs_.push_back(place);
    } else if (!coin_pairs.full()) {
      coin_pairs.push_back(place);
    }
  }
  if (changed != nullptr) on_pair(*changed, event.received_at);
}

void ConsolidatedSpot::on_pair(const SpotMarketPair& pair, Timestamp now) noexcept {
  if (pair.top.source == TopSource::None || pair.is_tether_in_dollars) return;
  Past& past = past_[static_cast<std::size_t>(&pair - market_.pairs().data())];
  const double mid = mid_of(pair.top);
  if (past.at == kNoTime || now - past.at > kPastForgotten) {
    past = Past{mid, now, mid};
  } else {
    past.mean += (past.last - past.mean) * (1.0 - std::exp2(-seconds(now - past.at) / kPastHalfLifeS));
    past.at = now;
    past.last = mid;
  }
  const Estimate now_composite = composite(pair.asset, now);
  if (!now_composite) return;
  for (Index& index : coins_[static_cast<std::size_t>(pair.asset)].index) {
    index.nowcast.on_composite(now, to_double(now_composite->value));
  }
}

void ConsolidatedSpot::on_print(const IndexPrint& print, Timestamp now) noexcept {
  const bool is_cf = print.source == SettlementSource::CfBenchmarksMean60;
  if (!is_cf && print.source != SettlementSource::ChainlinkSpot) return;
  if (static_cast<std::size_t>(print.asset) >= kAssetCount) return;
  Index& index = coins_[static_cast<std::size_t>(print.asset)].index[is_cf ? kCfBenchmarks : kChainlink];
  index.nowcast.on_index(print.index_time, to_double(print.value));
  index.received_at = now;
  ++index.prints;
}

ConsolidatedSpot::TetherRate ConsolidatedSpot::tether_rate(Timestamp now) const noexcept {
  TetherRate result{1.0, kTetherNoise};
  double sum = 0.0;
  double spread = 0.0;
  int legs = 0;
  for (const std::uint16_t place : tether_pairs_) {
    const SpotMarketPair& leg = market_.pairs()[place];
    const bool is_live = market_.feed(leg.venue) == FeedState::Live && now - leg.top.at <= kTetherAge;
    if (leg.top.source == TopSource::None || leg.top.is_crossed() || !is_live) continue;
    const double mid = mid_of(leg.top);
    if (std::fabs(mid - 1.0) > kLargestTetherMove) continue;
    sum += mid;
    spread = std::max(spread, to_double(leg.top.ask) - to_double(leg.top.bid));
    ++legs;
  }
  if (legs == 0) return result;
  result.rate = sum / legs;
  result.relative_sd = std::sqrt(square(spread) / 12.0 + square(kTetherLegNoise));
  return result;
}

SpotVoice ConsolidatedSpot::hear(const SpotMarketPair& pair, const TetherRate& tether, Timestamp now) const noexcept {
  SpotVoice voice;
  voice.id = pair.id;
  voice.venue = pair.venue;
  voice.quote = pair.quote;
  voice.observed_at = pair.top.at;
  if (pair.top.source == TopSource::None) {
    voice.excluded = SpotExclusion::NoPrice;
    return voice;
  }
  const double age_s = std::max(0.0, seconds(now - pair.top.at));
  const double spread = to_double(pair.top.ask) - to_double(pair.top.bid);
  voice.mid = mid_of(pair.top);
  double relative_variance = square(spread / voice.mid) / 12.0 + square(kVoiceNoise) + square(kNoisePerSecond) * age_s;
  if (pair.top.source == TopSource::Trade) relative_variance += square(kTradeNoise);
  if (pair.quote == QuoteCurrency::Usdc) relative_variance += square(kUsdcNoise);
  if (pair.quote == QuoteCurrency::Tether) {
    voice.mid *= tether.rate;
    relative_variance += square(tether.relative_sd);
  }
  voice.sd = voice.mid * std::sqrt(relative_variance);
  if (market_.feed(pair.venue) != FeedState::Live) {
    voice.excluded = SpotExclusion::FeedDown;
  } else if (now - pair.top.at > settings_.max_age[static_cast<std::size_t>(pair.venue)]) {
    voice.excluded = SpotExclusion::Stale;
  } else if (pair.top.is_crossed()) {
    voice.excluded = SpotExclusion::Crossed;
  }
  return voice;
}

void ConsolidatedSpot::gather(Coin& coin, Timestamp now) noexcept {
  const TetherRate tether = tether_rate(now);
  coin.voices.clear();
  for (const std::uint16_t place : coin.pairs) {
    const SpotMarketPair& pair = market_.pairs()[place];
    SpotVoice voice = hear(pair, tether, now);
    const Past& past = past_[place];
    if (is_heard(voice) && past.at != kNoTime) {
      const double share = 1.0 - std::exp2(-seconds(now - past.at) / kPastHalfLifeS);
      const double mean = past.mean + (past.last - past.mean) * share;
      // Judged by screen_jumps: whether others are there too is not known yet.
      voice.has_jumped = std::fabs(mid_of(pair.top) / mean - 1.0) > kJump;
    }
    auto* known = std::find_if(coin.voices.begin(), coin.voices.end(),
                               [&voice](const SpotVoice& other) { return other.venue == voice.venue; });
    if (known == coin.voices.end()) {
      coin.voices.push_back(voice);
    } else if (speaks_before(voice, *known)) {
      *known = voice;
    }
  }
}

void ConsolidatedSpot::screen_jumps(Coin& coin) noexcept {
  // First all are judged, then the unconfirmed fall silent: they may confirm each other.
  std::array<bool, kVenueCount> is_alone{};
  for (std::size_t i = 0; i < coin.voices.size(); ++i) {
    const SpotVoice& voice = coin.voices[i];
    if (!is_heard(voice) || !voice.has_jumped) continue;
    is_alone[i] = std::none_of(coin.voices.begin(), coin.voices.end(), [&voice](const SpotVoice& other) {
      return other.venue != voice.venue && is_heard(other) && std::fabs(other.mid / voice.mid - 1.0) <= kJump;
    });
  }
  for (std::size_t i = 0; i < coin.voices.size(); ++i) {
    if (is_alone[i]) coin.voices[i].excluded = SpotExclusion::UnconfirmedJump;
  }
}

void ConsolidatedSpot::screen_median(Coin& coin) noexcept {
  std::array<double, kVenueCount> values{};
  std::size_t count = 0;
  for (const SpotVoice& voice : coin.voices) {
    if (is_heard(voice)) values[count++] = voice.mid;
  }
  if (count < 2) return;
  const double centre = median(std::span(values.data(), count));
  for (std::size_t i = 0; i < count; ++i) values[i] = std::fabs(values[i] / centre - 1.0);
  const double band = std::clamp(kDeviations * median(std::span(values.data(), count)), kNarrowestBand, kWidestBand);
  for (SpotVoice& voice : coin.voices) {
    if (!is_heard(voice)) continue;
    bool& was_off = coin.was_off[static_cast<std::size_t>(voice.venue)];
    was_off = std::fabs(voice.mid / centre - 1.0) > (was_off ? 0.5 * band : band);
    if (was_off) voice.excluded = SpotExclusion::OffMedian;
  }
}

ConsolidatedSpot::Estimate ConsolidatedSpot::combine(Coin& coin, std::size_t usable) const noexcept {
  std::size_t count = 0;
  double weights = 0.0;
  double sum = 0.0;
  SpotEstimate result;
  for (const SpotVoice& voice : coin.voices) {
    if (!is_heard(voice)) continue;
    ++count;
    weights += 1.0 / square(voice.sd);
    sum += voice.mid / square(voice.sd);
    result.observed_at = std::max(result.observed_at, voice.observed_at);
  }
  if (count * 2 < usable) return failure(PriceUnavailable::SourcesDisagree);
  if (count < std::max<std::size_t>(settings_.required_venues, 1)) return failure(PriceUnavailable::TooFewSources);
  const double mean = sum / weights;
  double chi_squared = 0.0;
  for (SpotVoice& voice : coin.voices) {
    if (!is_heard(voice)) continue;
    voice.weight = 1.0 / square(voice.sd) / weights;
    chi_squared += square((voice.mid - mean) / voice.sd);
    result.disagreement = std::max(result.disagreement, std::fabs(voice.mid / mean - 1.0));
  }
  const double birge = count > 1 ? std::max(1.0, chi_squared / static_cast<double>(count - 1)) : 1.0;
  result.value = to_price(mean);
  result.sd = std::sqrt(birge / weights + square(kProxyFloor * mean));
  result.live_sources = static_cast<std::uint8_t>(count);
  return result;
}

ConsolidatedSpot::Estimate ConsolidatedSpot::composite(Asset asset, Timestamp now) noexcept {
  Coin& coin = coins_[static_cast<std::size_t>(asset)];
  if (asset == Asset::Unknown) return failure(PriceUnavailable::NoSpot);
  gather(coin, now);
  const auto usable = static_cast<std::size_t>(std::count_if(coin.voices.begin(), coin.voices.end(), is_heard));
  if (usable == 0) {
    const bool had_price =
        std::any_of(coin.voices.begin(), coin.voices.end(), [](const SpotVoice& voice) { return voice.mid > 0.0; });
    return failure(had_price ? PriceUnavailable::StaleSpot : PriceUnavailable::NoSpot);
  }
  screen_jumps(coin);
  screen_median(coin);
  return combine(coin, usable);
}

ConsolidatedSpot::Estimate ConsolidatedSpot::binance_price(Asset asset, Timestamp now) const noexcept {
  for (const std::uint16_t place : coins_[static_cast<std::size_t>(asset)].pairs) {
    const SpotMarketPair& pair = market_.pairs()[place];
    if (pair.venue != Venue::Binance || pair.quote != QuoteCurrency::Tether) continue;
    const SpotVoice voice = hear(pair, TetherRate{}, now);
    if (voice.excluded == SpotExclusion::NoPrice) break;
    if (voice.excluded != SpotExclusion::None) return failure(PriceUnavailable::StaleSpot);
    return SpotEstimate{to_price(voice.mid), voice.sd, voice.observed_at, 0.0, 1};
  }
  return failure(PriceUnavailable::NoSpot);
}

ConsolidatedSpot::Estimate ConsolidatedSpot::estimate(Asset asset, SettlementSource source, Timestamp now) noexcept {
  if (source == SettlementSource::BinanceCandle1m || source == SettlementSource::BinanceCandle1h) {
    return binance_price(asset, now);
  }
  const Estimate venues = composite(asset, now);
  if (source == SettlementSource::Unknown || asset == Asset::Unknown) return venues;
  const bool is_cf = source == SettlementSource::CfBenchmarksMean60;
  const Index& index = coins_[static_cast<std::size_t>(asset)].index[is_cf ? kCfBenchmarks : kChainlink];
  if (index.received_at == kNoTime || now - index.received_at > settings_.index_age) return venues;
  const auto nowcast = index.nowcast.estimate(now);
  if (!nowcast) return venues;  // stamped in the future: a clock is wrong
  const double floor = index.prints < kPrintsToTrust ? kProxyFloor : kNowcastFloor;
  // Without the venues nothing tells what moved since the print.
  const double blind_s = venues ? 0.0 : std::max(0.0, seconds(now - index.received_at));
  SpotEstimate result;
  result.value = to_price(nowcast->value);
  result.sd = std::sqrt(square(std::max(nowcast->sd, floor * nowcast->value)) +
                        square(kNoisePerSecond * nowcast->value) * blind_s);
  result.observed_at = nowcast->observed_at;
  result.disagreement = venues ? venues->disagreement : 0.0;
  result.live_sources = static_cast<std::uint8_t>(1 + (venues ? venues->live_sources : 0));
  return result;
}

}  // namespace arbees
