#include "sim/normal.h"

#include <array>

namespace arbees::sim {
namespace {

// Φ(z) in millionths for z = 0, 0.1, …, 4.5 (any table of the normal distribution).
constexpr std::array<std::int64_t, 46> kTable = {
    500000, 539828, 579260, 617911, 655422, 691462, 725747, 758036, 788145, 815940, 841345, 864334,
    884930, 903200, 919243, 933193, 945201, 955435, 964070, 971283, 977250, 982136, 986097, 989276,
    991802, 993790, 995339, 996533, 997445, 998134, 998650, 999032, 999313, 999517, 999663, 999767,
    999841, 999892, 999928, 999952, 999968, 999979, 999987, 999991, 999995, 999997};
constexpr std::int64_t kSpacing = kNormalScale / 10;

}  // namespace

std::int64_t normal_probability(std::int64_t z) noexcept {
  if (z < 0) return kNormalScale - normal_probability(-z);
  const std::int64_t last = static_cast<std::int64_t>(kTable.size()) - 1;
  if (z >= last * kSpacing) return kNormalScale;
  const std::size_t row = static_cast<std::size_t>(z / kSpacing);
  return kTable[row] + (kTable[row + 1] - kTable[row]) * (z % kSpacing) / kSpacing;
}

std::int64_t integer_root(std::int64_t value) noexcept {
  std::int64_t root = 0;
  for (std::int64_t bit = std::int64_t{1} << 31; bit > 0; bit >>= 1) {
    const std::int64_t candidate = root + bit;
    if (candidate <= 3'037'000'499 && candidate * candidate <= value) root = candidate;
  }
  return root;
}

}  // namespace arbees::sim
