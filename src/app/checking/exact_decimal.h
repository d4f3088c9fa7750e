#pragma once
// Decimals of any fineness, exact: how the checking commands read prices, quantities, rates and strikes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/wide_int.h"
#include "core/market/fees.h"

namespace arbees::app {

// digits / 10^decimals; no trailing zeros after the point.
struct ExactDecimal {
  Int128 digits = 0;
  int decimals = 0;

  [[nodiscard]] bool is_negative() const noexcept { return digits < 0; }
  [[nodiscard]] bool is_zero() const noexcept { return digits == 0; }

  // In units of 10^-scale; absent if that is inexact or beyond 2^120.
  [[nodiscard]] std::optional<Int128> units(int scale) const noexcept;
  // The same towards minus infinity, at most `most`; the value must not be negative.
  [[nodiscard]] std::int64_t units_floored(int scale, std::int64_t most) const noexcept;
  // For fee arithmetic; absent if negative or too fine.
  [[nodiscard]] std::optional<Decimal> factor() const noexcept;
};

// "12", "-0.5600", ".48", "6.4e4"; at most 36 significant digits. Refuses anything else.
[[nodiscard]] std::optional<ExactDecimal> parse_exact_decimal(std::string_view text) noexcept;

// units / 10^scale without trailing zeros.
[[nodiscard]] std::string exact_decimal_text(Int128 units, int scale);

}  // namespace arbees::app
