#pragma once
// What a venue charges for a fill: exact, in integers, rounded as the venue rounds.
//
//   Kalshi      M · rate · C · P · (1 − P), rounded up to $0.0001 for each fill
//   Polymarket  C · rate · (P · (1 − P))^exponent, rounded half-even to $0.00001 for each fill
//
// C contracts at price P, M the multiplier of the series. Rules and vectors: docs/venues/ of each venue.
// Kalshi's maker rate is zero on `quadratic` series. Polymarket does not document its rounding
// direction; half-even agrees with every published example. An unknown model, a rate above 1 and
// a result beyond Money have no fee: such a contract is not tradable.

#include <cstdint>
#include <optional>

#include "core/market/contract.h"
#include "core/market/values.h"

namespace arbees {

enum class Role : std::uint8_t { Taker, Maker };

// A non-negative decimal of any fineness: digits / 10^decimals, decimals ≤ 18.
struct Decimal {
  std::uint64_t digits = 0;
  int decimals = 0;
};

// The fee terms that apply to one fill, in whatever fineness they were given.
struct FeeTerms {
  Decimal rate;
  Decimal multiplier{1, 0};
  FeeModel model = FeeModel::Unknown;
  std::uint8_t exponent = 1;  // Polymarket; at most kMaxFeeExponent
};
inline constexpr std::uint8_t kMaxFeeExponent = 4;

// The terms of this role in the contract's schedule.
[[nodiscard]] FeeTerms fee_terms(const FeeSchedule& schedule, Role role) noexcept;

// Fee of one fill, rounded as the venue does.
[[nodiscard]] std::optional<Money> fee(const FeeTerms& terms, Decimal price, Decimal contracts) noexcept;
// price in [0, 1], quantity ≥ 0.
[[nodiscard]] std::optional<Money> fee(const FeeSchedule& schedule, Role role, Price price, Quantity quantity) noexcept;

// Unrounded fee of one contract in 10^-12 dollars, rounded up: the slope of the fee, for comparing prices.
[[nodiscard]] std::optional<std::int64_t> fee_per_contract(const FeeTerms& terms, Price price) noexcept;

// Kalshi's balance rounding (fee_rounding rules): after each fill the balance change is rounded down
// to the account's precision; what that takes away is the rounding fee, collected per order, and one
// cent is given back whenever the collection exceeds a cent.
class KalshiRoundingAccount {
 public:
  struct Charge {
    Money rounding;        // taken by rounding this fill's balance change down
    Money rebate;          // one cent or nothing
    Money net_fee;         // trade fee + rounding − rebate
    Money balance_change;  // revenue − trade fee, rounded down; the rebate comes on top
  };

  static constexpr Money kDirectMember = Money::from_units(100);     // $0.0001
  static constexpr Money kOtherAccount = Money::from_units(10'000);  // $0.01

  explicit constexpr KalshiRoundingAccount(Money precision) noexcept : precision_(precision) {
    ARBEES_ASSERT(precision.is_positive());
  }

  // One fill of the order; `revenue` is negative for a purchase.
  Charge add_fill(Money revenue, Money trade_fee) noexcept;

 private:
  Money precision_;
  Money collected_;
};

}  // namespace arbees
