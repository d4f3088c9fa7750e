#pragma once
// The two integer amounts that a Polymarket order states instead of a price and a size.
//
// 10^-6 dollars and 10^-6 shares. A buy gives dollars and gets shares, a sell the other way round. The tick fixes
// how many decimals the venue accepts (docs/venues/signing.md). Integers throughout; a price is never rounded
// here: one off the tick is refused, for it is not the price that was certified.

#include <cstdint>

#include "adapters/venue/polymarket/typed_data.h"
#include "core/base/result.h"
#include "core/market/values.h"

namespace arbees::polymarket {

struct OrderAmounts {
  std::int64_t maker = 0;
  std::int64_t taker = 0;
  bool operator==(const OrderAmounts&) const = default;
};

enum class AmountError : std::uint8_t {
  UnknownTick,  // not one of the venue's six
  PriceOffTick,
  PriceOutOfRange,  // outside [tick, 1 − tick]
  NoSize,           // zero or negative, or nothing is left after rounding down
  TooLarge,         // the amount does not fit 64 bits
};

// A limit order (GTC, GTD), or a market order that sells: price × size is exact for every tick.
[[nodiscard]] Result<OrderAmounts, AmountError> order_amounts(OrderSide side, Price price, Quantity size,
                                                              Price tick) noexcept;

// Which way the shares of a market buy are rounded; the venue's two official clients disagree.
enum class ShareRounding : std::uint8_t {
  Up,    // the price paid never exceeds the limit
  Down,  // it may, by less than 10^-4 of a share's price
};

// A market order (FOK, FAK) that buys for this many dollars, which are cut to cents, at `limit` or better.
[[nodiscard]] Result<OrderAmounts, AmountError> market_buy_amounts(Price limit, Money dollars, Price tick,
                                                                   ShareRounding rounding) noexcept;

}  // namespace arbees::polymarket
