#pragma once
// A token bucket: how many requests a venue lets us send. Time is given, never asked for.

#include <cstdint>

#include "core/base/time.h"

namespace arbees::net {

class RateLimiter {
 public:
  // `per_second` tokens flow in, up to `capacity`; starts full.
  RateLimiter(std::int64_t per_second, std::int64_t capacity) noexcept;

  // Takes `tokens` if they are there; a cost over the capacity is never granted.
  bool try_take(std::int64_t tokens, Timestamp now) noexcept;
  // How long until `tokens` would be granted; zero if now; Duration::max() if never.
  [[nodiscard]] Duration wait_for(std::int64_t tokens, Timestamp now) const noexcept;
  // The venue said 429: the bucket is empty as of now.
  void drain(Timestamp now) noexcept;

 private:
  [[nodiscard]] std::int64_t level_at(Timestamp now) const noexcept;  // in billionths of a token

  std::int64_t per_second_;
  std::int64_t capacity_;
  std::int64_t level_;  // billionths of a token at `filled_at_`
  Timestamp filled_at_ = kNoTime;
};

}  // namespace arbees::net
