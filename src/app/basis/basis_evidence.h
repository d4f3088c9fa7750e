#pragma once
// How far settlement sources lay apart: differences of settled values of one asset at one instant, from journals.
//
// A value is what a venue published with a settlement, or the print of a reference stream at the very instant of a
// close. Nothing is interpolated: without both values there is no observation.

#include <map>
#include <tuple>
#include <vector>

#include "core/market/event.h"

namespace arbees::app {

struct BasisObservations {
  BasisBoundSet bound;  // the statistical values; meaningful from two observations on
  SpotPrice greatest;   // absolute difference
  Timestamp first = kNoTime;
  Timestamp last = kNoTime;
};

class BasisEvidence {
 public:
  void add(const Event& event);
  // One row for each asset and pair of sources that settled together at least once.
  [[nodiscard]] std::vector<BasisObservations> rows() const;

 private:
  struct Instant {
    Asset asset = Asset::Unknown;
    Timestamp at = kNoTime;
    auto operator<=>(const Instant&) const = default;
  };

  std::map<std::uint64_t, ContractTerms> terms_;  // by instrument
  std::map<Instant, std::map<SettlementSource, SpotPrice>> settled_;
  std::map<std::pair<Instant, SettlementSource>, SpotPrice> prints_;
};

}  // namespace arbees::app
