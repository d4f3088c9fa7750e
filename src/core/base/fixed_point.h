#pragma once
// Decimal fixed-point numbers with their unit in the type: prices, quantities and money as integers.
//
// Invariants: a value is `units / 10^Decimals`, units in int64. Different tags never mix. Overflow is
// an assertion, never a wrap-around. No floating point anywhere in this file.

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "core/base/assert.h"

namespace arbees {

// What to do with digits finer than the scale.
enum class ExcessDigits : std::uint8_t {
  Refuse,  // the text does not fit: no value (zeros are always accepted)
  Floor,   // towards minus infinity: displayed sizes, proceeds
  Ceil,    // towards plus infinity: costs
};

// Reads a plain decimal ("12", "-0.5600", ".48", "7.") into units of 10^-decimals.
// Refuses the empty text, signs without digits, exponents, spaces, overflow and, by default, excess digits.
[[nodiscard]] std::optional<std::int64_t> parse_decimal(std::string_view text, int decimals,
                                                        ExcessDigits excess = ExcessDigits::Refuse) noexcept;

[[nodiscard]] constexpr std::int64_t power_of_ten(int exponent) noexcept {
  std::int64_t value = 1;
  for (int i = 0; i < exponent; ++i) value *= 10;
  return value;
}

template <class Tag, int Decimals>
class FixedPoint {
 public:
  static constexpr int kDecimals = Decimals;
  static constexpr std::int64_t kScale = power_of_ten(Decimals);

  constexpr FixedPoint() noexcept = default;

  [[nodiscard]] static constexpr FixedPoint from_units(std::int64_t units) noexcept { return FixedPoint(units); }
  // Whole numbers: `Price::whole(1)` is one dollar.
  [[nodiscard]] static constexpr FixedPoint whole(std::int64_t value) noexcept {
    std::int64_t units = 0;
    ARBEES_ASSERT(!__builtin_mul_overflow(value, kScale, &units));
    return FixedPoint(units);
  }
  [[nodiscard]] static constexpr FixedPoint max() noexcept {
    return FixedPoint(std::numeric_limits<std::int64_t>::max());
  }
  [[nodiscard]] static std::optional<FixedPoint> parse(std::string_view text,
                                                       ExcessDigits excess = ExcessDigits::Refuse) noexcept {
    const auto units = parse_decimal(text, Decimals, excess);
    if (!units) return std::nullopt;
    return FixedPoint(*units);
  }

  [[nodiscard]] constexpr std::int64_t units() const noexcept { return units_; }
  [[nodiscard]] constexpr bool is_zero() const noexcept { return units_ == 0; }
  [[nodiscard]] constexpr bool is_positive() const noexcept { return units_ > 0; }
  [[nodiscard]] constexpr bool is_negative() const noexcept { return units_ < 0; }

  constexpr auto operator<=>(const FixedPoint&) const noexcept = default;

  constexpr FixedPoint& operator+=(FixedPoint other) noexcept {
    ARBEES_ASSERT(!__builtin_add_overflow(units_, other.units_, &units_));
    return *this;
  }
  constexpr FixedPoint& operator-=(FixedPoint other) noexcept {
    ARBEES_ASSERT(!__builtin_sub_overflow(units_, other.units_, &units_));
    return *this;
  }
  [[nodiscard]] constexpr FixedPoint operator-() const noexcept { return FixedPoint() - *this; }
  [[nodiscard]] friend constexpr FixedPoint operator+(FixedPoint a, FixedPoint b) noexcept { return a += b; }
  [[nodiscard]] friend constexpr FixedPoint operator-(FixedPoint a, FixedPoint b) noexcept { return a -= b; }
  [[nodiscard]] friend constexpr FixedPoint operator*(FixedPoint a, std::int64_t factor) noexcept {
    std::int64_t units = 0;
    ARBEES_ASSERT(!__builtin_mul_overflow(a.units_, factor, &units));
    return FixedPoint(units);
  }

 private:
  constexpr explicit FixedPoint(std::int64_t units) noexcept : units_(units) {}

  std::int64_t units_ = 0;
};

}  // namespace arbees
