#pragma once
// An exact product of 64-bit factors, divided by powers of ten: for fees, where every digit counts.
//
// Invariants: unsigned; up to 768 bits; never wraps (a product that does not fit marks itself as
// overflowed and then has no value). Cheap for small values: only the limbs in use are touched.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/wide_int.h"

namespace arbees {

class WideProduct {
 public:
  explicit constexpr WideProduct(std::uint64_t value) noexcept { limbs_[0] = value; }

  constexpr void multiply(std::uint64_t factor) noexcept {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < used_; ++i) {
      const Uint128 product = static_cast<Uint128>(limbs_[i]) * factor + carry;
      limbs_[i] = static_cast<std::uint64_t>(product);
      carry = static_cast<std::uint64_t>(product >> 64);
    }
    if (carry == 0) return;
    if (used_ == kLimbs) {
      overflowed_ = true;
      return;
    }
    limbs_[used_++] = carry;
  }

  constexpr void multiply_by_power_of_ten(int exponent) noexcept {
    for (; exponent > 0; --exponent) multiply(10);
  }

  // Divides towards zero and remembers in is_inexact() whether anything was cut off.
  constexpr void divide(std::uint64_t divisor) noexcept {
    std::uint64_t remainder = 0;
    for (std::size_t i = used_; i-- > 0;) {
      const Uint128 part = (static_cast<Uint128>(remainder) << 64) | limbs_[i];
      limbs_[i] = static_cast<std::uint64_t>(part / divisor);
      remainder = static_cast<std::uint64_t>(part % divisor);
    }
    while (used_ > 1 && limbs_[used_ - 1] == 0) --used_;
    inexact_ = inexact_ || remainder != 0;
  }

  constexpr void divide_by_power_of_ten(int exponent) noexcept {
    constexpr int kChunk = 18;
    for (; exponent > kChunk; exponent -= kChunk) divide(1'000'000'000'000'000'000ULL);
    std::uint64_t divisor = 1;
    for (; exponent > 0; --exponent) divisor *= 10;
    divide(divisor);
  }

  [[nodiscard]] constexpr bool is_inexact() const noexcept { return inexact_; }

  // The value as a signed 64-bit integer; absent when it does not fit.
  [[nodiscard]] constexpr std::optional<std::int64_t> value() const noexcept {
    if (overflowed_ || used_ > 1 || limbs_[0] > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    return static_cast<std::int64_t>(limbs_[0]);
  }

 private:
  static constexpr std::size_t kLimbs = 12;

  std::array<std::uint64_t, kLimbs> limbs_{};
  std::size_t used_ = 1;
  bool inexact_ = false;
  bool overflowed_ = false;
};

}  // namespace arbees
