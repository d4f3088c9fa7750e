#include "core/market/settlement_value.h"

#include "core/base/assert.h"

namespace arbees {

std::int64_t sum_of_prints(std::span<const std::int64_t> prints) noexcept {
  std::int64_t sum = 0;
  for (const std::int64_t print : prints) ARBEES_ASSERT(!__builtin_add_overflow(sum, print, &sum));
  return sum;
}

std::int64_t settled_value(std::int64_t sum, std::int64_t count) noexcept {
  ARBEES_ASSERT(sum >= 0 && count >= 1);
  std::int64_t doubled = 0;
  ARBEES_ASSERT(!__builtin_mul_overflow(sum, 2, &doubled));
  ARBEES_ASSERT(!__builtin_add_overflow(doubled, count, &doubled));
  return doubled / (2 * count);
}

std::int64_t smallest_sum_reaching(std::int64_t value, std::int64_t count) noexcept {
  ARBEES_ASSERT(value >= 1 && count >= 1);
  std::int64_t total = 0;
  ARBEES_ASSERT(!__builtin_mul_overflow(value, count, &total));
  return total - count / 2;
}

bool satisfies(Comparator comparator, std::int64_t value, std::int64_t strike) noexcept {
  switch (comparator) {
    case Comparator::GreaterOrEqual: return value >= strike;
    case Comparator::Greater: return value > strike;
    case Comparator::LessOrEqual: return value <= strike;
    case Comparator::Less: return value < strike;
    case Comparator::Unknown: break;
  }
  ARBEES_ASSERT(comparator != Comparator::Unknown);
  return false;
}

bool pays_yes(const ContractTerms& terms, SpotPrice value) noexcept {
  if (terms.payoff == Payoff::Range) {
    const bool under = terms.includes_upper != 0 ? value <= terms.upper : value < terms.upper;
    return (value >= terms.lower && under) == (terms.pays_outside == 0);
  }
  ARBEES_ASSERT(terms.payoff == Payoff::Threshold || terms.payoff == Payoff::UpDown);
  ARBEES_ASSERT(terms.has_lower != 0);
  return satisfies(terms.comparator, value.units(), terms.lower.units());
}

}  // namespace arbees
