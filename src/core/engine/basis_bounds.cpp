#include "core/engine/basis_bounds.h"

namespace arbees {

bool BasisBounds::set(const BasisBoundSet& told) noexcept {
  const bool is_pair = told.first != told.second && told.first != SettlementSource::Unknown &&
                       told.second != SettlementSource::Unknown && told.asset != Asset::Unknown;
  if (!is_pair || (told.has_strict != 0 && told.strict.is_negative())) return false;
  Pair pair;
  pair.first = told.first;
  pair.second = told.second;
  pair.asset = told.asset;
  pair.has_strict = told.has_strict != 0;
  pair.strict = told.strict;
  if (told.has_statistical != 0) {
    const auto bound = statistical_bound({told.mean, told.standard_deviation, told.observations});
    pair.has_statistical = bound.has_value();
    if (bound) pair.statistical = *bound;
  }
  for (Pair& known : pairs_) {
    if (find(told.asset, told.first, told.second) == &known) {
      known = pair;
      return true;
    }
  }
  if (pairs_.full()) return false;
  pairs_.push_back(pair);
  return true;
}

const BasisBounds::Pair* BasisBounds::find(Asset asset, SettlementSource a, SettlementSource b) const noexcept {
  for (const Pair& pair : pairs_) {
    if (pair.asset != asset) continue;
    if ((pair.first == a && pair.second == b) || (pair.first == b && pair.second == a)) return &pair;
  }
  return nullptr;
}

}  // namespace arbees
