#include "core/pricing/edge_watch.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/assert.h"

namespace arbees {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMargin = 1e-9;  // standard deviations; a thousand times the rounding of the exact form
constexpr double kPeakDoubt = 1e-5;

// Cuts the interval at a coordinate where the decision changes; `margin` in coordinates.
void cut(DecisionInterval& interval, double at, double margin, double x) noexcept {
  if (at > x) {
    interval.high = std::min(interval.high, at - margin);
  } else {
    interval.low = std::max(interval.low, at + margin);
  }
}

// Where a threshold's probability equals `level`; nothing if it never does.
void cut_at_level(const FastLaw& law, const CompiledContract& contract, double level, double x,
                  DecisionInterval& interval) noexcept {
  if (!(level > 0.0 && level < 1.0) || contract.slope == 0.0) return;
  const double z = law.quantile(level);
  const double margin = kMargin * std::max(1.0, std::fabs(z)) / std::fabs(contract.slope);
  cut(interval, (z - contract.lower) / contract.slope, margin, x);
}

// A range's probability rises to its peak and falls after it. Finds where it equals `level` between the coordinates
// `inside` (at or above the level) and `outside` (below it) by the Illinois variant of false position.
double range_root(const FastLaw& law, const CompiledContract& contract, double level, double inside,
                  double outside) noexcept {
  double f_in = exact_probability(law, contract, inside) - level;
  double f_out = exact_probability(law, contract, outside) - level;
  int side = 0;
  for (int i = 0; i < 100 && std::fabs(outside - inside) * std::fabs(contract.slope) > 0.01 * kMargin; ++i) {
    double middle = (inside * f_out - outside * f_in) / (f_out - f_in);
    if (!(middle > std::min(inside, outside) && middle < std::max(inside, outside)) || i % 8 == 7) {
      middle = 0.5 * (inside + outside);
    }
    const double f = exact_probability(law, contract, middle) - level;
    if (f >= 0.0) {
      inside = middle;
      f_in = f;
      if (side == 1) f_out *= 0.5;
      side = 1;
    } else {
      outside = middle;
      f_out = f;
      if (side == -1) f_in *= 0.5;
      side = -1;
    }
  }
  return 0.5 * (inside + outside);
}

void cut_range_at_level(const FastLaw& law, const CompiledContract& contract, double level, double x,
                        DecisionInterval& interval) noexcept {
  if (!(level > 0.0 && level < 1.0) || contract.slope == 0.0) return;
  // Symmetric laws peak where both ends are equally far.
  const double peak = -(contract.lower + contract.upper) / (contract.slope + contract.upper_slope);
  const double height = exact_probability(law, contract, peak);
  // The two slopes differ a little in the arithmetic law, and so does the true peak: levels that touch it stay open.
  if (std::fabs(height - level) < kPeakDoubt) {
    interval.low = interval.high = x;
    return;
  }
  if (height < level) return;
  // Deviations from the peak at which even one tail is below the level, doubled until so.
  double span = 1.0 / std::fabs(contract.slope);
  for (const double direction : {-1.0, 1.0}) {
    double outside = peak + direction * span;
    while (exact_probability(law, contract, outside) >= level && std::fabs(outside - peak) < 1e9) {
      outside = peak + 2.0 * (outside - peak);
    }
    const double root = range_root(law, contract, level, peak, outside);
    // Near its peak the probability is flat, and a tiny error of it is a large one of the coordinate.
    const double slope = std::fabs(law.density(contract.slope * root + contract.lower) * contract.slope -
                                   law.density(contract.upper_slope * root + contract.upper) * contract.upper_slope);
    const double margin = std::max(kMargin / std::fabs(contract.slope), 1e-12 / std::max(slope, 1e-300));
    cut(interval, root, margin, x);
  }
}

}  // namespace

DecisionInterval decision_interval(const FastLaw& law, const CompiledContract& contract, EdgeLevels levels,
                                   double x) noexcept {
  DecisionInterval interval{-kInfinity, kInfinity, edge_at(levels, exact_probability(law, contract, x))};
  for (const double level : {levels.buy_yes_from, levels.buy_no_to}) {
    if (contract.is_range) {
      cut_range_at_level(law, contract, level, x, interval);
    } else {
      cut_at_level(law, contract, level, x, interval);
    }
  }
  if (!(interval.low < x && x < interval.high)) interval.low = interval.high = x;
  return interval;
}

EdgeWatch::EdgeWatch(std::size_t capacity) : tightest_low_(kInfinity), tightest_high_(-kInfinity) { reserve(capacity); }

void EdgeWatch::reserve(std::size_t capacity) {
  contracts_.reserve(capacity);
  levels_.reserve(capacity);
  low_.reserve(capacity);
  high_.reserve(capacity);
  edges_.reserve(capacity);
}

std::uint32_t EdgeWatch::add(const CompiledContract& contract, EdgeLevels levels) noexcept {
  ARBEES_ASSERT(contracts_.size() < contracts_.capacity());
  contracts_.push_back(contract);
  levels_.push_back(levels);
  low_.push_back(0.0);
  high_.push_back(0.0);
  edges_.push_back(Edge::None);
  tightest_low_ = kInfinity;  // not inverted yet: the next tick looks at it
  return static_cast<std::uint32_t>(contracts_.size() - 1);
}

void EdgeWatch::set(std::uint32_t contract, const CompiledContract& compiled, EdgeLevels levels) noexcept {
  ARBEES_ASSERT(contract < contracts_.size());
  contracts_[contract] = compiled;
  levels_[contract] = levels;
  low_[contract] = high_[contract] = 0.0;
  tightest_low_ = kInfinity;
}

void EdgeWatch::invert(const FastLaw& law, std::size_t row, double x) noexcept {
  const DecisionInterval interval = decision_interval(law, contracts_[row], levels_[row], x);
  low_[row] = interval.low;
  high_[row] = interval.high;
  edge_count_ += (interval.edge != Edge::None ? 1U : 0U);
  edge_count_ -= (edges_[row] != Edge::None ? 1U : 0U);
  edges_[row] = interval.edge;
}

void EdgeWatch::tighten() noexcept {
  tightest_low_ = -kInfinity;
  tightest_high_ = kInfinity;
  for (std::size_t row = 0; row < low_.size(); ++row) {
    tightest_low_ = std::max(tightest_low_, low_[row]);
    tightest_high_ = std::min(tightest_high_, high_[row]);
  }
}

void EdgeWatch::refresh(const FastLaw& law, std::uint32_t contract, double x) noexcept {
  invert(law, contract, x);
  tighten();
}

void EdgeWatch::refresh_all(const FastLaw& law, double x) noexcept {
  for (std::size_t row = 0; row < contracts_.size(); ++row) invert(law, row, x);
  tighten();
}

void EdgeWatch::rescan(const FastLaw& law, double x) noexcept {
  for (std::size_t row = 0; row < contracts_.size(); ++row) {
    if (!(x > low_[row] && x < high_[row])) invert(law, row, x);
  }
  tighten();
}

}  // namespace arbees
