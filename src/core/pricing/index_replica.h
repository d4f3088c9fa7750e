#pragma once
// The CME CF real-time index from its constituents' order books, as far as its method is public.
//
// Steps: drop books that are empty, crossed or off the median mid by more than the deviation parameter; merge the rest
// by price (a crossed union is left crossed); cap each level's size at s̄ + 5·σ_w of the sizes near the touch; walk both
// sides to the deepest multiple v̄ of the spacing whose spread stays within D; weigh the mid-prices at each multiple
// with λ·e^(−λv), λ = 1/(0.3·v̄). If not even one spacing is there, the index is the mid of the union. The spacing has
// been dynamic by an unpublished rule since June 2026: estimates are good to about a dollar, which the nowcast's bias
// tracking absorbs (index_nowcast.h).

#include <cstddef>
#include <optional>
#include <span>

namespace arbees {

struct IndexLevel {
  double price = 0.0;
  double size = 0.0;
};

// Best level first on each side.
struct IndexBook {
  std::span<const IndexLevel> bids;
  std::span<const IndexLevel> asks;
};

struct IndexRule {
  double spacing = 1.0;
  double largest_spread = 0.005;  // D
  double deviation = 0.05;
  double forced_cap = 0.0;  // instead of the dynamic one; 0: dynamic
};

struct IndexEstimate {
  double value = 0.0;
  double size_cap = 0.0;
  double depth = 0.0;  // v̄; 0 when the mid had to do
  int venues = 0;
};

class IndexReplica {
 public:
  static constexpr std::size_t kMaximumVenues = 16;
  static constexpr std::size_t kMaximumLevels = 4096;  // of one side, all venues together; the rest is ignored

  // Nothing when every book was dropped.
  [[nodiscard]] std::optional<IndexEstimate> estimate(std::span<const IndexBook> books, const IndexRule& rule) noexcept;

 private:
  [[nodiscard]] double dynamic_cap(double best_bid, double best_ask) noexcept;

  IndexLevel bids_[kMaximumLevels];
  IndexLevel asks_[kMaximumLevels];
  double sizes_[2 * kMaximumLevels];
  std::size_t bid_count_ = 0;
  std::size_t ask_count_ = 0;
};

}  // namespace arbees
