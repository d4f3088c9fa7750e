#include "core/market/fees.h"

#include "core/base/wide_product.h"

namespace arbees {
namespace {

constexpr int kMaxDecimals = 18;
constexpr int kKalshiDecimals = 4;
constexpr int kPolymarketDecimals = 5;
constexpr int kPerContractDecimals = 12;

std::uint64_t power(int exponent) noexcept { return static_cast<std::uint64_t>(power_of_ten(exponent)); }

bool is_sane(Decimal value) noexcept { return value.decimals >= 0 && value.decimals <= kMaxDecimals; }

// Whether the value is at most 1.
bool is_fraction(Decimal value) noexcept { return is_sane(value) && value.digits <= power(value.decimals); }

bool is_known(const FeeTerms& terms) noexcept {
  if (terms.model == FeeModel::None) return true;
  if (terms.model != FeeModel::KalshiQuadratic && terms.model != FeeModel::PolymarketCurve) return false;
  return is_fraction(terms.rate) && is_sane(terms.multiplier) && terms.exponent <= kMaxFeeExponent;
}

struct Unrounded {
  WideProduct product;
  int decimals;
};

// rate · contracts · multiplier · (price · (1 − price))^exponent without any rounding.
Unrounded unrounded_fee(const FeeTerms& terms, Decimal price, Decimal contracts) noexcept {
  Unrounded result{WideProduct(contracts.digits), contracts.decimals + terms.rate.decimals};
  result.product.multiply(terms.rate.digits);
  int exponent = 1;
  if (terms.model == FeeModel::KalshiQuadratic) {
    result.product.multiply(terms.multiplier.digits);
    result.decimals += terms.multiplier.decimals;
  } else {
    exponent = terms.exponent;
  }
  const std::uint64_t other = power(price.decimals) - price.digits;
  for (int i = 0; i < exponent; ++i) {
    result.product.multiply(price.digits);
    result.product.multiply(other);
    result.decimals += 2 * price.decimals;
  }
  return result;
}

// The value in units of 10^-decimals, rounded up.
std::optional<std::int64_t> rounded_up(Unrounded value, int decimals) noexcept {
  value.product.multiply_by_power_of_ten(decimals - value.decimals);
  value.product.divide_by_power_of_ten(value.decimals - decimals);
  const auto units = value.product.value();
  if (!units || *units == INT64_MAX) return std::nullopt;
  return *units + (value.product.is_inexact() ? 1 : 0);
}

// The same, rounded to the nearest, ties to even: halves are counted first, so that a tie is seen exactly.
std::optional<std::int64_t> rounded_half_even(Unrounded value, int decimals) noexcept {
  value.product.multiply(2);
  value.product.multiply_by_power_of_ten(decimals - value.decimals);
  value.product.divide_by_power_of_ten(value.decimals - decimals);
  const auto halves = value.product.value();
  if (!halves) return std::nullopt;
  const std::int64_t whole = *halves / 2;
  if (*halves % 2 == 0) return whole;
  const bool is_tie = !value.product.is_inexact();
  return is_tie && whole % 2 == 0 ? whole : whole + 1;
}

std::optional<Money> money_of(std::optional<std::int64_t> units, int decimals) noexcept {
  std::int64_t money = 0;
  if (!units || __builtin_mul_overflow(*units, power_of_ten(Money::kDecimals - decimals), &money)) return std::nullopt;
  return Money::from_units(money);
}

Decimal decimal_of(Price price) noexcept { return {static_cast<std::uint64_t>(price.units()), Price::kDecimals}; }

}  // namespace

FeeTerms fee_terms(const FeeSchedule& schedule, Role role) noexcept {
  FeeTerms terms;
  terms.rate = {role == Role::Taker ? schedule.taker_rate : schedule.maker_rate, 6};
  terms.multiplier = {schedule.multiplier, 4};
  terms.model = schedule.model;
  terms.exponent = schedule.exponent;
  return terms;
}

std::optional<Money> fee(const FeeTerms& terms, Decimal price, Decimal contracts) noexcept {
  if (!is_known(terms) || !is_fraction(price) || !is_sane(contracts)) return std::nullopt;
  if (terms.model == FeeModel::None) return Money{};
  const Unrounded exact = unrounded_fee(terms, price, contracts);
  if (terms.model == FeeModel::KalshiQuadratic) return money_of(rounded_up(exact, kKalshiDecimals), kKalshiDecimals);
  return money_of(rounded_half_even(exact, kPolymarketDecimals), kPolymarketDecimals);
}

std::optional<Money> fee(const FeeSchedule& schedule, Role role, Price price, Quantity quantity) noexcept {
  if (price.is_negative() || quantity.is_negative()) return std::nullopt;
  const Decimal contracts{static_cast<std::uint64_t>(quantity.units()), Quantity::kDecimals};
  return fee(fee_terms(schedule, role), decimal_of(price), contracts);
}

std::optional<std::int64_t> fee_per_contract(const FeeTerms& terms, Price price) noexcept {
  if (!is_known(terms) || price.is_negative() || price > kPriceOne) return std::nullopt;
  if (terms.model == FeeModel::None) return 0;
  return rounded_up(unrounded_fee(terms, decimal_of(price), Decimal{1, 0}), kPerContractDecimals);
}

KalshiRoundingAccount::Charge KalshiRoundingAccount::add_fill(Money revenue, Money trade_fee) noexcept {
  const Money before = revenue - trade_fee;
  std::int64_t rest = before.units() % precision_.units();
  if (rest < 0) rest += precision_.units();
  Charge charge;
  charge.rounding = Money::from_units(rest);
  charge.balance_change = before - charge.rounding;
  collected_ += charge.rounding;
  constexpr Money kCent = Money::from_units(10'000);
  if (collected_ > kCent) {
    charge.rebate = kCent;
    collected_ -= kCent;
  }
  charge.net_fee = trade_fee + charge.rounding - charge.rebate;
  return charge;
}

}  // namespace arbees
