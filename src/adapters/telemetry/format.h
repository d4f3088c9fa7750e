#pragma once
// Text of the core's values: decimal strings of fixed-point numbers, ISO-8601 times, hex.

#include <cstdint>
#include <string>

#include "core/base/fixed_point.h"
#include "core/base/time.h"

namespace arbees {

// units / 10^decimals with exactly `decimals` fractional digits: (-5, 2) is "-0.05".
[[nodiscard]] std::string format_decimal(std::int64_t units, int decimals);
// The same without trailing zeros: "0.5", "12", "-0.05".
[[nodiscard]] std::string format_decimal_short(std::int64_t units, int decimals);

// All digits of the scale: Price "0.4700", Quantity "120.00", Money "1.290300".
template <class Tag, int Decimals>
[[nodiscard]] std::string to_text(FixedPoint<Tag, Decimals> value) {
  return format_decimal(value.units(), Decimals);
}
// As few digits as the value needs: "0.47", "120", "1.2903".
template <class Tag, int Decimals>
[[nodiscard]] std::string to_short_text(FixedPoint<Tag, Decimals> value) {
  return format_decimal_short(value.units(), Decimals);
}

// "2026-05-11T05:37:43.762Z": RFC 3339 with milliseconds, cut, not rounded.
[[nodiscard]] std::string to_iso_ms(Timestamp time);
// The same with nanoseconds.
[[nodiscard]] std::string to_iso_ns(Timestamp time);

// Sixteen lower-case hex digits.
[[nodiscard]] std::string to_hex(std::uint64_t value);

}  // namespace arbees
