#pragma once
// What a contract pays, when, decided by what, and how it trades: the terms, never the title.
//
// Two contracts are the same bet only if their terms say so. Whatever is not understood is Unknown,
// and an Unknown anywhere makes the contract not tradable, with the reason (`not_tradable`).
// A Polymarket market is two contracts, one per token: Up has comparator ≥, Down has <, and each
// names the other as its complement, because both show one and the same engine book.

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "core/base/time.h"
#include "core/market/price_grid.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees {

enum class Payoff : std::uint8_t {
  Unknown,
  Threshold,  // the settled value compared with `lower`
  Range,      // lower ≤ value < upper (see `includes_upper`), or everything but that (see `pays_outside`)
  UpDown,     // the settled value compared with the same measure at `opens_at`, which becomes `lower`
  Hit,        // the path touches `lower` before the close
  Category,   // outcome number `lower` of a set of exclusive, exhaustive outcomes
};

enum class Comparator : std::uint8_t { Unknown, GreaterOrEqual, Greater, LessOrEqual, Less };

// What decides the value, by rule and source. Contracts with different sources never share an axis.
enum class SettlementSource : std::uint8_t {
  Unknown,
  CfBenchmarksMean60,  // mean of sixty one-second CF Benchmarks prints before the close (Kalshi)
  ChainlinkSpot,       // Chainlink report at the close (Polymarket up/down until 2026-08-07)
  ChainlinkTwap30,     // Chainlink 30 s TWAP at the close (2026-08-07 … 08-14, 5-minute windows)
  ChainlinkTwap60,     // Chainlink 60 s TWAP at the close (Polymarket up/down since 2026-08-14)
  BinanceCandle1m,     // close of a Binance one-minute candle
  BinanceCandle1h,     // close of a Binance one-hour candle
};

enum class FeeModel : std::uint8_t { Unknown, None, KalshiQuadratic, PolymarketCurve };

// Fee terms of one contract. Rates in millionths (70000 = 0.07); multiplier in ten-thousandths.
struct FeeSchedule {
  std::uint32_t taker_rate = 0;
  std::uint32_t maker_rate = 0;
  std::uint32_t multiplier = 10000;
  FeeModel model = FeeModel::Unknown;
  std::uint8_t exponent = 1;  // of the Polymarket curve
  std::uint8_t reserved[2] = {};

  constexpr bool operator==(const FeeSchedule&) const noexcept = default;
};

// Why a contract may not be traded; None means that it may.
enum class NotTradable : std::uint8_t {
  None,
  UnknownPayoff,
  UnknownSettlement,
  UnknownTick,
  UnknownFee,
  UnknownStrike,  // up/down before its start value is known
  NotOpen,
  Closed,
  TermsRefused,  // rules text outside the known forms
  NotApproved,
  NoRoom,  // a configured limit of contracts is reached
};

[[nodiscard]] std::string_view not_tradable_name(NotTradable reason) noexcept;
// "up_down", "ge", "chainlink_twap_60", "kalshi" …; values from outside the enumeration are "invalid".
[[nodiscard]] std::string_view payoff_name(Payoff payoff) noexcept;
[[nodiscard]] std::string_view comparator_name(Comparator comparator) noexcept;
[[nodiscard]] std::string_view settlement_source_name(SettlementSource source) noexcept;
[[nodiscard]] std::string_view fee_model_name(FeeModel model) noexcept;

struct ContractTerms {
  Strike lower;               // threshold, lower bound or start value; meaning by `payoff`
  Strike upper;               // upper bound of a range, else zero
  Timestamp opens_at;         // start of trading, or of an up/down window
  Timestamp closes_at;        // the settlement instant
  std::uint64_t event_group;  // hash that all contracts of one event share (mutually related payoffs)
  InstrumentId complement;    // the other token of the same market; none on Kalshi
  Quantity lot;               // quantities are multiples of this
  Quantity minimum_order;
  PriceGrid grid;
  FeeSchedule fees;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  Payoff payoff = Payoff::Unknown;
  Comparator comparator = Comparator::Unknown;
  SettlementSource source = SettlementSource::Unknown;
  std::uint8_t rounding_decimals = 0;  // the settled value is rounded half-up to this many decimals; 255: not rounded
  std::uint8_t has_lower = 0;          // whether `lower` is known yet
  std::uint8_t includes_upper = 0;     // range: whether `upper` itself pays
  NotTradable not_tradable = NotTradable::UnknownPayoff;
  std::uint8_t pays_outside = 0;  // range: pays where the range does not (the No token of a bracket)
  std::uint8_t reserved[6] = {};

  constexpr bool operator==(const ContractTerms&) const noexcept = default;
};
static_assert(std::has_unique_object_representations_v<ContractTerms>);
static_assert(sizeof(ContractTerms) == 112);

// The first reason why these terms cannot be traded, judged from the terms alone; None if there is none.
[[nodiscard]] NotTradable judge_terms(const ContractTerms& terms) noexcept;

}  // namespace arbees
