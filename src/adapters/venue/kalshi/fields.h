#pragma once
// Single values of Kalshi messages: prices in dollars or old integer cents, sizes, times, sides.
//
// Each function says whether the value could be read and lies where a real one can; none uses a
// floating-point number. Scales: Kalshi sends prices to $0.0001 and sizes to 0.01 contract.

#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/venue/kalshi/message.h"
#include "core/base/time.h"
#include "core/market/order_book.h"

namespace arbees::kalshi {

// Larger than any real size or change of size, small enough that sums cannot overflow.
inline constexpr Quantity kLargestQuantity = Quantity::whole(1'000'000'000'000);

// "0.5600" or 0.56 in dollars; anything from 0 to 1. OffTick: finer than $0.0001.
[[nodiscard]] LevelProblem read_dollars(const JsonScalar& value, Price& price) noexcept;
// 56 as whole cents, 0 to 100.
[[nodiscard]] LevelProblem read_cents(const JsonScalar& value, Price& price) noexcept;
// The new field if it is there, else the old one.
[[nodiscard]] LevelProblem read_price(const JsonScalar& dollars, const JsonScalar& cents, Price& price) noexcept;
// A level's size: not negative; digits finer than ours are cut, so that we never see more than there is.
[[nodiscard]] LevelProblem read_level_size(const JsonScalar& value, Quantity& quantity) noexcept;
// A signed change or a count, exact.
[[nodiscard]] LevelProblem read_exact_quantity(const JsonScalar& value, Quantity& quantity) noexcept;
// An amount of dollars with up to six decimals.
[[nodiscard]] bool read_money(const JsonScalar& value, Money& money) noexcept;
// A price or strike of the underlying; digits beyond the eighth decimal are cut.
[[nodiscard]] bool read_spot_price(const JsonScalar& value, SpotPrice& price) noexcept;

// A whole number of at most 19 digits, from a number or a string.
[[nodiscard]] std::optional<std::uint64_t> read_count(const JsonScalar& value) noexcept;
// Milliseconds since 1970; kNoTime if there is none.
[[nodiscard]] Timestamp read_unix_ms(const JsonScalar& value) noexcept;
// When the venue says that it happened: `ts_ms`, else `ts` (seconds, or RFC 3339); kNoTime if neither can be read.
[[nodiscard]] Timestamp exchange_time(const Message& message) noexcept;

// yes ≡ bid, no ≡ ask.
[[nodiscard]] std::optional<BookSide> read_outcome(const JsonScalar& value) noexcept;
[[nodiscard]] std::optional<BookSide> read_book_side(const JsonScalar& value) noexcept;

}  // namespace arbees::kalshi
