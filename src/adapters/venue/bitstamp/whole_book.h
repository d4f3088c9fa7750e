#pragma once
// What changed between two whole books of one pair: a hundred levels a side come again with every message, and
// few of them are new.
//
// Invariant: the levels kept are those of the last book, bids falling, then asks rising, prices unique.

#include <span>
#include <vector>

#include "adapters/venue/spot_events.h"

namespace arbees::bitstamp {

class WholeBook {
 public:
  [[nodiscard]] bool is_known() const noexcept { return is_known_; }
  void forget() noexcept { is_known_ = false; }

  // Remembers the book; changes() is then what differs from the one before: levels gone (quantity 0), new and changed,
  // all of it for the first book. False if the levels are not in order: no book is known then.
  [[nodiscard]] bool replace(std::span<const SpotChange> levels);
  // After replace(); empty if nothing changed.
  [[nodiscard]] std::span<const SpotChange> changes() const noexcept { return changes_; }

 private:
  std::vector<SpotChange> levels_;
  std::vector<SpotChange> changes_;
  bool is_known_ = false;
};

}  // namespace arbees::bitstamp
