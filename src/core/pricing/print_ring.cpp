#include "core/pricing/print_ring.h"

#include <algorithm>

#include "core/base/assert.h"

namespace arbees {
namespace {

double as_double(SpotPrice price) noexcept {
  return static_cast<double>(price.units()) / static_cast<double>(SpotPrice::kScale);
}

}  // namespace

std::optional<AveragingRule> averaging_rule(SettlementSource source) noexcept {
  switch (source) {
    case SettlementSource::CfBenchmarksMean60: return AveragingRule{60, 1};  // stamps T−60 … T−1
    case SettlementSource::ChainlinkTwap60: return AveragingRule{60, 0};     // (T−60, T]
    case SettlementSource::ChainlinkTwap30: return AveragingRule{30, 0};
    case SettlementSource::ChainlinkSpot:
    case SettlementSource::BinanceCandle1m:
    case SettlementSource::BinanceCandle1h: return AveragingRule{1, 0};
    case SettlementSource::Unknown: break;
  }
  return std::nullopt;
}

void PrintRing::add(std::int64_t second, SpotPrice value) noexcept {
  if (second < 0 || second <= newest_ - kSeconds || !value.is_positive()) return;
  slots_[place(second)] = {second, value};
  newest_ = std::max(newest_, second);
}

bool PrintRing::has(std::int64_t second) const noexcept {
  return second >= 0 && slots_[place(second)].second == second;
}

SpotPrice PrintRing::at(std::int64_t second) const noexcept {
  ARBEES_ASSERT(has(second));
  return slots_[place(second)].value;
}

void PrintRing::bridge(std::int64_t first, int count, SettlementWindow& window) const noexcept {
  const double after = as_double(at(first + count));
  if (!has(first - 1)) {
    // Nothing before the gap: the first print after it stands for all, with the variance of walking back from it.
    window.known_sum += count * after;
    const double n = count;
    window.missing_variance_s += n * (n + 1.0) * (2.0 * n + 1.0) / 6.0;
    return;
  }
  const double before = as_double(at(first - 1));
  window.known_sum += 0.5 * count * (before + after);  // a straight line
  window.missing_variance_s += bridge_sum_variance_s(count, 1.0, 1.0);
}

SettlementWindow PrintRing::window(AveragingRule rule, std::int64_t close_second, Timestamp now) const noexcept {
  ARBEES_ASSERT(rule.prints >= 1 && rule.prints < kSeconds);
  SettlementWindow window;
  window.prints = rule.prints;
  const std::int64_t last = close_second - rule.last_before_close_s;
  const std::int64_t first = last - rule.prints + 1;
  const std::int64_t known_until = std::min(newest_, last);
  int missing = 0;
  for (std::int64_t second = first; second <= known_until; ++second) {
    ++window.known_count;
    if (!has(second)) {
      ++missing;
      continue;
    }
    if (missing > 0) bridge(second - missing, missing, window);
    missing = 0;
    window.known_sum += as_double(at(second));
  }
  // The newest print is later than the window and its end did not come: that much is still unknown.
  window.known_count -= missing;
  const std::int64_t next = std::max(first, known_until + 1 - missing);
  const Duration wait = from_unix_s(std::max<std::int64_t>(next, 0)) - now;
  window.first_due_s = std::max(static_cast<double>(wait.count()) * 1e-9, 0.0);
  return window;
}

std::optional<std::int64_t> PrintRing::complete_sum(AveragingRule rule, std::int64_t close_second) const noexcept {
  std::int64_t sum = 0;
  const std::int64_t last = close_second - rule.last_before_close_s;
  for (std::int64_t second = last - rule.prints + 1; second <= last; ++second) {
    if (!has(second)) return std::nullopt;
    ARBEES_ASSERT(!__builtin_add_overflow(sum, at(second).units(), &sum));
  }
  return sum;
}

}  // namespace arbees
