#pragma once
// The normal distribution in integers: draws and probabilities that are the same on every machine.

#include <cstdint>

#include "core/base/random.h"

namespace arbees::sim {

inline constexpr std::int64_t kNormalScale = 1'000'000;

// A standard normal draw in millionths: the sum of twelve uniforms (Irwin–Hall), within ±6.
[[nodiscard]] constexpr std::int64_t draw_normal(Random& random) noexcept {
  std::int64_t sum = -6 * kNormalScale;
  for (int i = 0; i < 12; ++i) sum += static_cast<std::int64_t>(random.below(kNormalScale + 1));
  return sum;
}

// The probability, in millionths, that a standard normal variable is below z (in millionths).
[[nodiscard]] std::int64_t normal_probability(std::int64_t z) noexcept;

// ⌊√value⌋ for value ≥ 0.
[[nodiscard]] std::int64_t integer_root(std::int64_t value) noexcept;

}  // namespace arbees::sim
