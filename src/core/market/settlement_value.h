#pragma once
// The settled value of an average, in exact integers: what decides a contract, never a double.
//
// Prints and strikes are integers in units of the published value (cents for BTC: two decimals). The mean is
// rounded half-up: ⌊(2s + n)/(2n)⌋ for a sum s of n prints (s ≥ 0). Rounding the binary double of a tie is wrong.

#include <cstdint>
#include <span>

#include "core/market/contract.h"

namespace arbees {

// Sum of the prints; overflow is an assertion.
[[nodiscard]] std::int64_t sum_of_prints(std::span<const std::int64_t> prints) noexcept;

// The rounded mean in the prints' unit; sum ≥ 0, count ≥ 1.
[[nodiscard]] std::int64_t settled_value(std::int64_t sum, std::int64_t count) noexcept;

// The smallest sum whose rounded mean reaches `value` (≥ 1).
[[nodiscard]] std::int64_t smallest_sum_reaching(std::int64_t value, std::int64_t count) noexcept;

// Whether "value ⋈ strike" holds; the comparator must be known.
[[nodiscard]] bool satisfies(Comparator comparator, std::int64_t value, std::int64_t strike) noexcept;

// Whether Yes pays, for Threshold and UpDown (strike = lower) and Range; nothing else is decided by one value.
// `value` and the strikes are in units of 10^-8 (SpotPrice); the value is rounded already.
[[nodiscard]] bool pays_yes(const ContractTerms& terms, SpotPrice value) noexcept;

}  // namespace arbees
