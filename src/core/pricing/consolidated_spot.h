#pragma once
// One price per coin from all spot venues, with its uncertainty, or the reason why there is none.
//
// Each venue has one voice: its best usable pair (dollars before USDC before USDT). Steps:
// 1. Out goes what has no two-sided price, is older than the venue's limit, comes from a feed that is not live, or is
//    crossed. USDT becomes dollars by the USDT/USD pairs that are live; without one it stays in with a wide error.
// 2. A voice that has jumped away from its own recent past speaks only if another venue is near its new level.
// 3. The median of the voices; out goes who is farther from it than five times the (scaled) median deviation, at least
//    20 and at most 30 basis points; who was out comes in again at half of that, as with the settlement index.
// 4. What remains is weighted by the inverse variance of each voice (spread, age, currency); the standard deviation is
//    widened by the Birge ratio where the voices disagree more than their errors allow, and never below 1 bp: so much
//    proxies of the index were seen to be off (pricing.md §4: $4.33 median at $64,000 and one minute).
// The value is unavailable when fewer voices remain than required, or fewer than half of those that were heard; it is
// never the last one. While prints of the settling index arrive, they lead and the composite tells what moved since
// (index_nowcast.h). No allocation after the pairs are named.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/bounded_vector.h"
#include "core/base/result.h"
#include "core/market/spot_market.h"
#include "core/pricing/fair_value.h"
#include "core/pricing/index_nowcast.h"

namespace arbees {

struct ConsolidatedSpotSettings {
  std::uint8_t required_venues = 2;
  // How old a price may be, by venue: by when the index drops a venue's book, less where the venue is never quiet.
  std::array<Duration, kVenueCount> max_age = default_max_age();
  Duration index_age = std::chrono::milliseconds(2500);  // of the last print, since it was received

  [[nodiscard]] static constexpr std::array<Duration, kVenueCount> default_max_age() noexcept {
    std::array<Duration, kVenueCount> ages{};
    ages.fill(std::chrono::seconds(10));
    ages[static_cast<std::size_t>(Venue::Binance)] = std::chrono::seconds(3);
    return ages;
  }
};

// Why a venue's price is not in the composite.
enum class SpotExclusion : std::uint8_t {
  None,
  NoPrice,          // nothing on one side, or its book is not proven
  FeedDown,         // the venue's feed is not live
  Stale,            // older than the venue's limit
  Crossed,          // bid not below ask
  UnconfirmedJump,  // off its own recent past, and nobody else is there
  OffMedian,        // off the other venues
};
// "no_price", "feed_down", …
[[nodiscard]] std::string_view spot_exclusion_name(SpotExclusion reason) noexcept;

// One venue's part in the composite of a coin.
struct SpotVoice {
  InstrumentId id;
  Venue venue = Venue::Unknown;
  QuoteCurrency quote = QuoteCurrency::Other;
  SpotExclusion excluded = SpotExclusion::None;
  Timestamp observed_at = kNoTime;
  double mid = 0.0;     // dollars; 0 without a price
  double sd = 0.0;      // of the mid
  double weight = 0.0;  // share of the composite
  bool has_jumped = false;
};

class ConsolidatedSpot {
 public:
  using Voices = BoundedVector<SpotVoice, kVenueCount>;
  using Estimate = Result<SpotEstimate, PriceUnavailable>;

  explicit ConsolidatedSpot(const ConsolidatedSpotSettings& settings = {});

  void on_event(const Event& event) noexcept;
  void require_venues(std::uint8_t count) noexcept { settings_.required_venues = count; }

  // What the contract's source would say now. The index for CF Benchmarks and Chainlink (the composite while its prints
  // do not arrive), Binance's own USDT price for its candles.
  [[nodiscard]] Estimate estimate(Asset asset, SettlementSource source, Timestamp now) noexcept;
  // Of the venues alone.
  [[nodiscard]] Estimate composite(Asset asset, Timestamp now) noexcept;

  // Who was heard when the asset's composite was last formed, and why not.
  [[nodiscard]] std::span<const SpotVoice> voices(Asset asset) const noexcept;
  [[nodiscard]] const SpotMarket& market() const noexcept { return market_; }

 private:
  static constexpr std::size_t kMaxPairsPerCoin = 24;

  // The slow memory of one pair: a mean of its own mids with a half-life of three seconds.
  struct Past {
    double mean = 0.0;
    Timestamp at = kNoTime;
    double last = 0.0;
  };
  enum IndexFamily : std::size_t { kCfBenchmarks, kChainlink, kIndexFamilies };
  struct Index {
    IndexNowcast nowcast;
    Timestamp received_at = kNoTime;
    std::uint32_t prints = 0;
  };
  struct Coin {
    BoundedVector<std::uint16_t, kMaxPairsPerCoin> pairs;  // places in market_.pairs()
    std::array<bool, kVenueCount> was_off{};
    Voices voices;
    std::array<Index, kIndexFamilies> index;
  };
  struct TetherRate {
    double rate = 1.0;
    double relative_sd = 0.0;
  };

  void on_pair(const SpotMarketPair& pair, Timestamp now) noexcept;
  void on_print(const IndexPrint& print, Timestamp now) noexcept;
  [[nodiscard]] TetherRate tether_rate(Timestamp now) const noexcept;
  [[nodiscard]] SpotVoice hear(const SpotMarketPair& pair, const TetherRate& tether, Timestamp now) const noexcept;
  void gather(Coin& coin, Timestamp now) noexcept;
  static void screen_jumps(Coin& coin) noexcept;
  static void screen_median(Coin& coin) noexcept;
  // `usable`: how many there were before the screens.
  [[nodiscard]] Estimate combine(Coin& coin, std::size_t usable) const noexcept;
  [[nodiscard]] Estimate binance_price(Asset asset, Timestamp now) const noexcept;

  ConsolidatedSpotSettings settings_;
  SpotMarket market_;
  std::array<Coin, kAssetCount> coins_;
  std::array<Past, SpotMarket::kMaxPairs> past_{};
  BoundedVector<std::uint16_t, kVenueCount> tether_pairs_;
  std::size_t known_pairs_ = 0;
};

}  // namespace arbees
