#pragma once
// Kalshi's token buckets, at the Basic tier: what a signed request costs and whether it may pass.
//
// Read: 200 tokens a second, three seconds' worth at once. Write: 100 a second, one second's worth, in an unscoped
// bucket and in one for each shard. A single create, cancel, amend or decrease that names a shard above 0 bills
// that shard alone, one that names shard 0 the unscoped bucket, one routed by its ticker all of them; batches bill
// the unscoped bucket. A refused request takes nothing.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/net/rate_limiter.h"
#include "core/base/time.h"

namespace arbees::sim {

inline constexpr std::int32_t kKalshiShards = 4;
inline constexpr std::int32_t kCryptoShard = 2;

class KalshiLimits {
 public:
  static constexpr std::int64_t kReadRate = 200;
  static constexpr std::int64_t kReadCapacity = 600;
  static constexpr std::int64_t kWriteRate = 100;
  static constexpr std::int64_t kWriteCapacity = 100;
  static constexpr std::int64_t kDefaultCost = 10;
  static constexpr std::int64_t kCancelCost = 2;

  [[nodiscard]] bool take_read(std::int64_t tokens, Timestamp now) noexcept;
  // The unscoped write bucket.
  [[nodiscard]] bool take_write(std::int64_t tokens, Timestamp now) noexcept;
  // A single order call; `shard` as the request names it, nothing if it is routed by its ticker.
  [[nodiscard]] bool take_order(std::int64_t tokens, std::optional<std::int32_t> shard, Timestamp now) noexcept;

  // GET /account/limits and /account/endpoint_costs.
  [[nodiscard]] static std::string limits_document();
  [[nodiscard]] static std::string costs_document();

 private:
  static net::RateLimiter write_bucket() noexcept { return {kWriteRate, kWriteCapacity}; }

  net::RateLimiter read_{kReadRate, kReadCapacity};
  // [0] is the unscoped bucket.
  std::array<net::RateLimiter, kKalshiShards> write_{write_bucket(), write_bucket(), write_bucket(), write_bucket()};
};

}  // namespace arbees::sim
