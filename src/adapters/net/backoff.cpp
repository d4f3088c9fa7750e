#include "adapters/net/backoff.h"

#include <algorithm>

namespace arbees::net {

Backoff::Backoff(BackoffOptions options, std::uint64_t seed) noexcept : options_(options), random_(seed) {}

Duration Backoff::on_failure(Timestamp now) noexcept {
  // Healthy for long enough between: this is a new trouble, not more of the old one.
  if (succeeded_at_ != kNoTime && now - succeeded_at_ >= options_.healthy_after) failures_ = 0;
  succeeded_at_ = kNoTime;
  Duration limit = std::min(options_.base, options_.cap);
  for (int i = 0; i < failures_ && limit < options_.cap; ++i) {
    limit = limit > options_.cap / 2 ? options_.cap : limit * 2;
  }
  ++failures_;
  return std::max(Duration(random_.between(1, std::max<std::int64_t>(1, limit.count()))), options_.base / 2);
}

void Backoff::on_success(Timestamp now) noexcept {
  if (succeeded_at_ == kNoTime) succeeded_at_ = now;
}

}  // namespace arbees::net
