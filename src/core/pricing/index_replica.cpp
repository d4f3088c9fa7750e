#include "core/pricing/index_replica.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/assert.h"

namespace arbees {
namespace {

constexpr std::size_t kLeastSample = 50;  // levels a side, where the band holds fewer
constexpr double kBand = 0.05;

bool is_usable(const IndexBook& book) noexcept {
  if (book.bids.empty() || book.asks.empty()) return false;
  const auto is_sound = [](const IndexLevel& level) {
    return std::isfinite(level.price) && std::isfinite(level.size) && level.price > 0.0 && level.size > 0.0;
  };
  return std::all_of(book.bids.begin(), book.bids.end(), is_sound) &&
         std::all_of(book.asks.begin(), book.asks.end(), is_sound) && book.bids[0].price < book.asks[0].price;
}

double mid(const IndexBook& book) noexcept { return 0.5 * (book.bids[0].price + book.asks[0].price); }

double median(std::span<double> values) noexcept {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

// Walks one side by rising volume: the price at which the cumulative capped size first reaches what is asked.
class Walk {
 public:
  Walk(std::span<const IndexLevel> levels, double cap) noexcept : levels_(levels), cap_(cap) {}

  // Nothing when the side is not that deep. Volumes must not fall from call to call.
  [[nodiscard]] std::optional<double> price_at(double volume) noexcept {
    constexpr double kRounding = 1e-9;
    while (next_ < levels_.size() && reached_ + kRounding < volume) reached_ += std::min(levels_[next_++].size, cap_);
    if (reached_ + kRounding < volume) return std::nullopt;
    return levels_[next_ - 1].price;
  }

 private:
  std::span<const IndexLevel> levels_;
  double cap_;
  double reached_ = 0.0;
  std::size_t next_ = 0;
};

}  // namespace

double IndexReplica::dynamic_cap(double best_bid, double best_ask) noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < ask_count_; ++i) {
    if (asks_[i].price <= (1.0 + kBand) * best_ask || i < kLeastSample) sizes_[count++] = asks_[i].size;
  }
  for (std::size_t i = 0; i < bid_count_; ++i) {
    if (bids_[i].price >= (1.0 - kBand) * best_bid || i < kLeastSample) sizes_[count++] = bids_[i].size;
  }
  std::sort(sizes_, sizes_ + count);
  const std::size_t cut = count / 100;
  const auto kept = static_cast<double>(count - 2 * cut);
  double sum = 0.0;
  for (std::size_t i = cut; i < count - cut; ++i) sum += sizes_[i];
  const double trimmed_mean = sum / kept;
  if (count < 2) return trimmed_mean;
  // Winsorised: the cut extremes are replaced by their kept neighbours.
  double winsorised_sum = 0.0;
  for (std::size_t i = 0; i < count; ++i) winsorised_sum += sizes_[std::clamp(i, cut, count - cut - 1)];
  const double winsorised_mean = winsorised_sum / static_cast<double>(count);
  double squares = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const double off = sizes_[std::clamp(i, cut, count - cut - 1)] - winsorised_mean;
    squares += off * off;
  }
  return trimmed_mean + 5.0 * std::sqrt(squares / static_cast<double>(count - 1));
}

std::optional<IndexEstimate> IndexReplica::estimate(std::span<const IndexBook> books, const IndexRule& rule) noexcept {
  ARBEES_ASSERT(books.size() <= kMaximumVenues && rule.spacing > 0.0);
  std::array<double, kMaximumVenues> mids{};
  std::size_t usable = 0;
  for (const IndexBook& book : books) {
    if (is_usable(book)) mids[usable++] = mid(book);
  }
  if (usable == 0) return std::nullopt;
  const double centre = median(std::span(mids.data(), usable));

  IndexEstimate result;
  bid_count_ = ask_count_ = 0;
  for (const IndexBook& book : books) {
    if (!is_usable(book) || std::fabs(mid(book) / centre - 1.0) > rule.deviation) continue;
    ++result.venues;
    for (const IndexLevel& level : book.bids) {
      if (bid_count_ < kMaximumLevels) bids_[bid_count_++] = level;
    }
    for (const IndexLevel& level : book.asks) {
      if (ask_count_ < kMaximumLevels) asks_[ask_count_++] = level;
    }
  }
  if (result.venues == 0) return std::nullopt;
  std::sort(bids_, bids_ + bid_count_, [](const IndexLevel& a, const IndexLevel& b) { return a.price > b.price; });
  std::sort(asks_, asks_ + ask_count_, [](const IndexLevel& a, const IndexLevel& b) { return a.price < b.price; });
  result.size_cap = rule.forced_cap > 0.0 ? rule.forced_cap : dynamic_cap(bids_[0].price, asks_[0].price);

  // First pass: how deep; second pass: the weighted mean.
  int steps = 0;
  Walk deepest_bid({bids_, bid_count_}, result.size_cap);
  Walk deepest_ask({asks_, ask_count_}, result.size_cap);
  for (;; ++steps) {
    const auto bid = deepest_bid.price_at((steps + 1) * rule.spacing);
    const auto ask = deepest_ask.price_at((steps + 1) * rule.spacing);
    if (!bid || !ask || *ask / (0.5 * (*bid + *ask)) - 1.0 > rule.largest_spread) break;
  }
  if (steps == 0) {
    result.value = 0.5 * (bids_[0].price + asks_[0].price);
    return result;
  }
  result.depth = steps * rule.spacing;
  const double lambda = 1.0 / (0.3 * result.depth);
  Walk bid({bids_, bid_count_}, result.size_cap);
  Walk ask({asks_, ask_count_}, result.size_cap);
  double weights = 0.0;
  double sum = 0.0;
  for (int step = 1; step <= steps; ++step) {
    const double volume = step * rule.spacing;
    const double weight = lambda * std::exp(-lambda * volume);
    weights += weight;
    sum += weight * 0.5 * (*bid.price_at(volume) + *ask.price_at(volume));
  }
  result.value = sum / weights;
  return result;
}

}  // namespace arbees
