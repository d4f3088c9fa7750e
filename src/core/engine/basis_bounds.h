#pragma once
// What is known about pairs of settlement sources, by asset: the bounds that make their contracts comparable.
//
// A pair that was never told, or told without evidence, is not comparable.

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/bounded_vector.h"
#include "core/market/event.h"
#include "core/pricing/basis_bound.h"

namespace arbees {

class BasisBounds {
 public:
  struct Pair {
    SpotPrice strict;
    StatisticalBound statistical;
    SettlementSource first = SettlementSource::Unknown;
    SettlementSource second = SettlementSource::Unknown;
    Asset asset = Asset::Unknown;
    bool has_strict = false;
    bool has_statistical = false;
  };

  // False if nothing was changed: impossible values, or no room for another pair.
  bool set(const BasisBoundSet& told) noexcept;
  // Either order of the sources.
  [[nodiscard]] const Pair* find(Asset asset, SettlementSource a, SettlementSource b) const noexcept;

 private:
  BoundedVector<Pair, 64> pairs_;
};

}  // namespace arbees
