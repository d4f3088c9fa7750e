#pragma once
// The fair value of a listed contract now: its probability with an honest band, or the reason why there is none.
//
// Everything that could make the number wrong makes it unavailable instead: unknown terms, an unknown start value,
// a stale, thin or contradictory spot, too few returns, a bad clock near the close, a strike beyond the law's reach.
// The band comes from the volatility's standard error (mapped through the price, as it is asymmetric near 0 and 1),
// the spot's, and half the distance between the normal and the fat-tailed price.
//
// Confidence that a contract is worth more than a cost c: P(true probability > c). In probits the estimate is
// normal with standard deviation sd/φ(probit p), so it is N((probit p − probit c)·φ(probit p)/sd). At p = c it
// is one half; CRYPTO_MODEL_MIN_CONFIDENCE is the least value at which a model edge may be taken (0.5: no demand).

#include <cstdint>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/market/contract.h"
#include "core/pricing/digital.h"
#include "core/pricing/print_ring.h"
#include "core/pricing/volatility.h"

namespace arbees {

enum class PriceUnavailable : std::uint8_t {
  UnknownTerms,       // payoff, comparator, source or strike not understood
  UnknownStart,       // up/down before its start value is published
  UnsupportedPayoff,  // categories have no price model
  Closed,             // the close is past
  NoSpot,
  StaleSpot,
  TooFewSources,
  SourcesDisagree,
  NoVolatility,  // too few returns, or none of late
  ClockError,    // over 200 ms inside the last 90 s
  BeyondReach,   // more than six standard deviations away while several prints are to come
  InvalidInput,
};
inline constexpr std::size_t kPriceUnavailableCount = 12;

// "unknown_terms", "stale_spot", …
[[nodiscard]] std::string_view price_unavailable_name(PriceUnavailable reason) noexcept;

// What is known of the settlement source's price.
struct SpotEstimate {
  SpotPrice value;
  double sd = 0.0;  // of `value` as an estimate of the source, quote currency
  Timestamp observed_at = kNoTime;
  double disagreement = 0.0;  // largest relative distance of a live source from `value`
  std::uint8_t live_sources = 0;
};

struct FairValueSettings {
  Duration staleness = std::chrono::seconds(10);                    // CRYPTO_PRICE_STALENESS_SECS
  Duration staleness_near_close = std::chrono::milliseconds(1500);  // inside the last 90 s of an averaged contract
  double largest_disagreement = 0.01;
  std::uint8_t required_sources = 1;
  MoveLaw law{ReturnModel::StudentT, 4.4};  // up to a day; lognormal beyond
};

struct FairValueInputs {
  SpotEstimate spot;
  Duration clock_error{0};
  const Volatility* volatility = nullptr;  // of the contract's asset
  const PrintRing* prints = nullptr;       // of its settlement source; may be absent outside averaging windows
  // The prints are our own spot at those seconds: their common error counts, and no average of them is ever certain.
  bool prints_are_proxies = false;
};

struct FairValue {
  double probability = 0.0;
  double low = 0.0;  // 95 % band
  double high = 0.0;
  double sd = 0.0;  // of the probability, all parts
  double sd_volatility = 0.0;
  double sd_spot = 0.0;
  double sd_model = 0.0;
  double delta = 0.0;
  double vega = 0.0;
  double volatility = 0.0;
  double effective_variance_s = 0.0;
};

using FairValueResult = Result<FairValue, PriceUnavailable>;

// What a price is computed from, all checks passed: for those who price many contracts between two looks at it.
struct PreparedPrice {
  PricingInputs inputs;
  double relative_volatility_error = 0.0;
};
[[nodiscard]] Result<PreparedPrice, PriceUnavailable> prepare_price(const ContractTerms& terms,
                                                                    const FairValueInputs& inputs, Timestamp now,
                                                                    const FairValueSettings& settings) noexcept;

[[nodiscard]] FairValueResult fair_value(const ContractTerms& terms, const FairValueInputs& inputs, Timestamp now,
                                         const FairValueSettings& settings) noexcept;

// Of a price with everything given: what `fair_value` adds to the bare number. `forecast.annual` is used.
[[nodiscard]] FairValue value_with_band(const ContractTerms& terms, const PricingInputs& inputs,
                                        double relative_volatility_error) noexcept;

// P(true probability > cost), 0 … 1, for buying what pays with `value.probability` at `cost` (all-in, in dollars).
[[nodiscard]] double confidence_above(const FairValue& value, double cost) noexcept;
// The same for the other outcome, whose probability is 1 − p.
[[nodiscard]] double confidence_above_no(const FairValue& value, double cost) noexcept;

}  // namespace arbees
