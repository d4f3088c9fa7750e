#include "adapters/net/rate_limiter.h"

#include <algorithm>

#include "core/base/wide_int.h"

namespace arbees::net {
namespace {

constexpr std::int64_t kScale = 1'000'000'000;  // levels are in billionths, as tokens per second flow per nanosecond

}  // namespace

RateLimiter::RateLimiter(std::int64_t per_second, std::int64_t capacity) noexcept
    : per_second_(std::clamp<std::int64_t>(per_second, 0, kScale)),
      capacity_(std::clamp<std::int64_t>(capacity, 0, kScale)),
      level_(capacity_ * kScale) {}

bool RateLimiter::try_take(std::int64_t tokens, Timestamp now) noexcept {
  if (tokens < 0 || tokens > capacity_) return false;
  const std::int64_t level = level_at(now);
  if (level < tokens * kScale) return false;
  level_ = level - tokens * kScale;
  filled_at_ = std::max(filled_at_, now);
  return true;
}

Duration RateLimiter::wait_for(std::int64_t tokens, Timestamp now) const noexcept {
  if (tokens < 0 || tokens > capacity_) return Duration::max();
  const std::int64_t missing = tokens * kScale - level_at(now);
  if (missing <= 0) return Duration::zero();
  if (per_second_ == 0) return Duration::max();
  // A clock that went back is behind `filled_at_`: that time must pass first.
  const Duration behind = std::max(filled_at_ - now, Duration::zero());
  return behind + Duration((missing - 1) / per_second_ + 1);
}

void RateLimiter::drain(Timestamp now) noexcept {
  level_ = 0;
  filled_at_ = std::max(filled_at_, now);
}

std::int64_t RateLimiter::level_at(Timestamp now) const noexcept {
  const std::int64_t full = capacity_ * kScale;
  if (now <= filled_at_) return level_;
  const Int128 flowed = static_cast<Int128>((now - filled_at_).count()) * per_second_;
  return flowed >= full - level_ ? full : level_ + static_cast<std::int64_t>(flowed);
}

}  // namespace arbees::net
