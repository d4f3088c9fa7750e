#include "adapters/venue/polymarket/order_amounts.h"

#include <limits>
#include <optional>

#include "core/base/wide_int.h"

namespace arbees::polymarket {
namespace {

constexpr int kAmountDecimals = 6;
constexpr std::int64_t kSharesPerQuantityUnit = power_of_ten(kAmountDecimals - Quantity::kDecimals);
constexpr std::int64_t kCent = power_of_ten(kAmountDecimals - 2);

// Decimals of the computed amount that the venue accepts at this tick.
std::optional<int> amount_decimals(Price tick) noexcept {
  switch (tick.units()) {
    case 1000: return 3;  // 0.1
    case 100: return 4;   // 0.01
    case 50: return 5;    // 0.005
    case 25: return 6;    // 0.0025
    case 10: return 5;    // 0.001
    case 1: return 6;     // 0.0001
    default: return std::nullopt;
  }
}

std::optional<AmountError> wrong_price(Price price, Price tick) noexcept {
  if (!amount_decimals(tick)) return AmountError::UnknownTick;
  if (price < tick || price > kPriceOne - tick) return AmountError::PriceOutOfRange;
  if (price.units() % tick.units() != 0) return AmountError::PriceOffTick;
  return std::nullopt;
}

}  // namespace

Result<OrderAmounts, AmountError> order_amounts(OrderSide side, Price price, Quantity size, Price tick) noexcept {
  if (const auto wrong = wrong_price(price, tick)) return failure(*wrong);
  if (!size.is_positive()) return failure(AmountError::NoSize);
  // The price has at most (amount decimals − 2) decimals and the size two, so the product needs no rounding; it
  // is smaller than the shares, so theirs is the only overflow.
  std::int64_t shares = 0;
  if (__builtin_mul_overflow(size.units(), kSharesPerQuantityUnit, &shares)) return failure(AmountError::TooLarge);
  const std::int64_t dollars = (price * size).units();
  return side == OrderSide::Buy ? OrderAmounts{dollars, shares} : OrderAmounts{shares, dollars};
}

Result<OrderAmounts, AmountError> market_buy_amounts(Price limit, Money dollars, Price tick,
                                                     ShareRounding rounding) noexcept {
  if (const auto wrong = wrong_price(limit, tick)) return failure(*wrong);
  const std::int64_t spent = dollars.units() - dollars.units() % kCent;
  if (spent <= 0) return failure(AmountError::NoSize);
  // shares [10^-6] = dollars [10^-6] / (limit [10^-4] / 10^4), then cut to the decimals the venue accepts.
  const auto grain = static_cast<Int128>(power_of_ten(kAmountDecimals - *amount_decimals(tick)));
  const Int128 numerator = static_cast<Int128>(spent) * Price::kScale;
  const Int128 denominator = static_cast<Int128>(limit.units()) * grain;
  const Int128 grains = (numerator + (rounding == ShareRounding::Up ? denominator - 1 : 0)) / denominator;
  const Int128 shares = grains * grain;
  if (shares > std::numeric_limits<std::int64_t>::max()) return failure(AmountError::TooLarge);
  return OrderAmounts{spent, static_cast<std::int64_t>(shares)};
}

}  // namespace arbees::polymarket
