#pragma once
// When to try again after a failure: exponential with full jitter, so that many clients do not return at once.

#include "core/base/random.h"
#include "core/base/time.h"

namespace arbees::net {

struct BackoffOptions {
  Duration base = std::chrono::milliseconds(250);
  Duration cap = std::chrono::seconds(30);
  Duration healthy_after = std::chrono::seconds(60);  // this long without failure forgets all earlier ones
};

class Backoff {
 public:
  Backoff(BackoffOptions options, std::uint64_t seed) noexcept;

  // A uniform draw from (0, min(cap, base·2ⁿ)] after the n-th failure in a row, never below base/2.
  Duration on_failure(Timestamp now) noexcept;
  void on_success(Timestamp now) noexcept;
  [[nodiscard]] int failures() const noexcept { return failures_; }

 private:
  BackoffOptions options_;
  Random random_;
  int failures_ = 0;
  Timestamp succeeded_at_ = kNoTime;
};

}  // namespace arbees::net
