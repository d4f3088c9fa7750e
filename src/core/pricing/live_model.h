#pragma once
// The spot model as it stands: fed with events, asked for the fair value of a contract at an instant.
//
// Holds the one spot of each coin (consolidated_spot.h), its volatility from candles and live prices, and the prints
// of settlement sources: the known part of averages under way, and the start values of windows that began while the
// prints came. Where a source's prints are not received, our own spot at each second stands in for them, and its error
// is counted as one that all of them share. Memory is taken at construction and when spot pairs are named.

#include <array>
#include <cstdint>
#include <vector>

#include "core/market/event.h"
#include "core/pricing/consolidated_spot.h"
#include "core/pricing/fair_value.h"
#include "core/pricing/model_parameters.h"
#include "core/pricing/print_ring.h"
#include "core/pricing/volatility.h"

namespace arbees {

class LiveModel {
 public:
  explicit LiveModel(const ModelParameters& parameters = {});

  // Returns the asset whose spot or prints changed; Unknown if none did.
  Asset on_event(const Event& event) noexcept;

  [[nodiscard]] FairValueResult value(const ContractTerms& terms, Timestamp now) noexcept;
  [[nodiscard]] Result<PreparedPrice, PriceUnavailable> prepare(const ContractTerms& terms, Timestamp now) noexcept;
  // What contracts of this source are priced with.
  [[nodiscard]] ConsolidatedSpot::Estimate spot(Asset asset, SettlementSource source, Timestamp now) noexcept;
  // Volatility until then over its usual level; 1 while either is unknown.
  [[nodiscard]] double volatility_ratio(Asset asset, Timestamp now, Timestamp until) const noexcept;

  [[nodiscard]] const ModelParameters& parameters() const noexcept { return parameters_; }
  [[nodiscard]] const ConsolidatedSpot& spots() const noexcept { return spot_; }
  [[nodiscard]] const Volatility& volatility(Asset asset) const noexcept { return coin(asset).volatility; }

 private:
  enum PrintFamily : std::size_t { kCfBenchmarks, kChainlink, kPrintFamilies };
  static constexpr std::size_t kStarts = 64;  // of five-minute marks: over five hours
  static constexpr std::int64_t kMarkS = 300;

  // What the measures of a family were at a five-minute mark; zero if prints were missing.
  struct Start {
    std::int64_t second = -1;
    std::array<SpotPrice, 3> values;  // mean of 60, of 30, last
  };
  struct Prints {
    PrintRing ring;
    std::array<Start, kStarts> starts;
    Timestamp received_at = kNoTime;
  };
  struct Coin {
    explicit Coin(const VolatilitySettings& settings) : volatility(settings) {}
    Volatility volatility;
    Timestamp first_datum = kNoTime;  // of the volatility
    Timestamp sampled_at = kNoTime;
    std::array<Prints, kPrintFamilies> prints;
    PrintRing proxies;  // our spot when each second began
  };

  [[nodiscard]] const Coin& coin(Asset asset) const noexcept { return coins_[static_cast<std::size_t>(asset)]; }
  [[nodiscard]] Coin& coin(Asset asset) noexcept { return coins_[static_cast<std::size_t>(asset)]; }
  void on(const SpotCandle& candle) noexcept;
  void on(const ModelParameterSet& set) noexcept;
  void on(const IndexPrint& print, Timestamp now) noexcept;
  void sample(Asset asset, Timestamp now) noexcept;
  [[nodiscard]] SpotPrice start_value(const ContractTerms& terms) const noexcept;

  ModelParameters parameters_;
  FairValueSettings settings_;
  ConsolidatedSpot spot_;
  std::vector<Coin> coins_;  // by asset
};

}  // namespace arbees
