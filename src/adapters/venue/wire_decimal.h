#pragma once
// Reads the decimal texts of wire messages and says what is wrong with those it refuses.
//
// A number is Malformed when it is no plain decimal, OutOfRange when no real market has it, and
// TooFine when it has more digits than our scale (a price off every grid).

#include <string_view>

#include "adapters/venue/frame.h"
#include "core/market/values.h"

namespace arbees {

enum class WireNumber : std::uint8_t { Ok, Malformed, OutOfRange, TooFine };

// No real level is larger; the same bound as the order book's.
inline constexpr Quantity kLargestWireQuantity = Quantity::whole(1'000'000'000'000);
inline constexpr SpotPrice kLargestSpotPrice = SpotPrice::whole(1'000'000'000);
inline constexpr SpotQuantity kLargestSpotQuantity = SpotQuantity::whole(90'000'000'000);

// A contract's price within [0, 1]; whether 0 and 1 are meant is the caller's business.
[[nodiscard]] WireNumber read_price(std::string_view text, Price& price) noexcept;
// A displayed size: finer digits are floored, negative ones out of range.
[[nodiscard]] WireNumber read_quantity(std::string_view text, Quantity& quantity) noexcept;
// Positive; finer digits than ours are refused as TooFine.
[[nodiscard]] WireNumber read_spot_price(std::string_view text, SpotPrice& price) noexcept;
[[nodiscard]] WireNumber read_spot_quantity(std::string_view text, SpotQuantity& quantity) noexcept;

// An integer of milliseconds since 1970 (digits only).
[[nodiscard]] bool read_unix_ms(std::string_view text, Timestamp& time) noexcept;

// The anomaly that a refused number is.
[[nodiscard]] constexpr AnomalyKind anomaly_of(WireNumber number) noexcept {
  switch (number) {
    case WireNumber::OutOfRange: return AnomalyKind::OutOfRange;
    case WireNumber::TooFine: return AnomalyKind::PriceOffTick;
    default: return AnomalyKind::Malformed;
  }
}
// The fault it makes of the book it was meant for.
[[nodiscard]] constexpr BookFault fault_of(WireNumber number) noexcept {
  switch (number) {
    case WireNumber::OutOfRange: return BookFault::OutOfRange;
    case WireNumber::TooFine: return BookFault::OffTick;
    default: return BookFault::Malformed;
  }
}

}  // namespace arbees
