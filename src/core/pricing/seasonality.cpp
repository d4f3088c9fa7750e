#include "core/pricing/seasonality.h"

#include <algorithm>

#include "core/base/assert.h"

namespace arbees {
namespace {

constexpr std::int64_t kHourNs = 3'600'000'000'000;

std::int64_t hour_number(Timestamp at) noexcept { return unix_ns(at) / kHourNs; }

}  // namespace

Seasonality::Seasonality(int window_days) noexcept : window_hours_(std::int64_t{24} * window_days) {
  ARBEES_ASSERT(window_days >= 1 && window_days <= kMaximumDays);
  factors_.fill(1.0);
}

std::size_t Seasonality::hour_of_week(Timestamp at) noexcept {
  const std::int64_t hour = std::max<std::int64_t>(hour_number(at), 0);
  return static_cast<std::size_t>(hour % kHoursPerWeek);
}

void Seasonality::add(Timestamp end, double span_s, double variance, double robust_variance) noexcept {
  const std::int64_t hour = std::max<std::int64_t>((unix_ns(end) - 1) / kHourNs, 0);
  if (hour > summarised_hour_) summarise(hour);
  Hour& bucket = hours_[static_cast<std::size_t>(hour) % hours_.size()];
  if (bucket.number > hour) return;  // older than the window
  if (bucket.number != hour) bucket = Hour{hour, 0.0, 0.0, 0.0};
  bucket.seconds += span_s;
  bucket.variance += variance;
  bucket.robust += robust_variance;
}

// Once an hour: everything below is a function of finished hours, so nothing flickers within one.
void Seasonality::summarise(std::int64_t current_hour) noexcept {
  summarised_hour_ = current_hour;
  std::array<double, kHoursPerWeek> seconds{};
  std::array<double, kHoursPerWeek> robust{};
  double total_seconds = 0.0;
  double total_variance = 0.0;
  double total_robust = 0.0;
  for (const Hour& hour : hours_) {
    if (hour.number < 0 || hour.number <= current_hour - window_hours_ || hour.number > current_hour) continue;
    const auto place = static_cast<std::size_t>(hour.number % kHoursPerWeek);
    seconds[place] += hour.seconds;
    robust[place] += hour.robust;
    total_seconds += hour.seconds;
    total_variance += hour.variance;
    total_robust += hour.robust;
  }
  covered_s_ = total_seconds;
  if (total_seconds <= 0.0 || total_robust <= 0.0) return;
  const double mean_rate = total_robust / total_seconds;
  double factor_sum = 0.0;
  for (std::size_t i = 0; i < factors_.size(); ++i) {
    const double prior_s = kShrinkageHours * 3600.0;
    factors_[i] = (robust[i] / mean_rate + prior_s) / (seconds[i] + prior_s);
    factor_sum += factors_[i];
  }
  double deseasonalised = 0.0;
  for (std::size_t i = 0; i < factors_.size(); ++i) {
    factors_[i] *= kHoursPerWeek / factor_sum;
    deseasonalised += robust[i] / factors_[i];
  }
  jump_ratio_ = std::clamp(total_variance / total_robust, 1.0, 3.0);
  flat_rate_ = deseasonalised / total_seconds;
}

double Seasonality::mean_factor(Timestamp from, Timestamp until) const noexcept {
  if (until <= from) return factor(from);
  if (until - from >= std::chrono::hours(kHoursPerWeek)) return 1.0;
  double sum = 0.0;
  Timestamp at = from;
  while (at < until) {
    const Timestamp next = std::min(until, from_unix_ns((hour_number(at) + 1) * kHourNs));
    sum += factor(at) * static_cast<double>((next - at).count());
    at = next;
  }
  return sum / static_cast<double>((until - from).count());
}

}  // namespace arbees
