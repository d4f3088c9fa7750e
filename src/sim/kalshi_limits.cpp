#include "sim/kalshi_limits.h"

#include <algorithm>

#include "adapters/telemetry/json.h"

namespace arbees::sim {

bool KalshiLimits::take_read(std::int64_t tokens, Timestamp now) noexcept { return read_.try_take(tokens, now); }

bool KalshiLimits::take_write(std::int64_t tokens, Timestamp now) noexcept { return write_[0].try_take(tokens, now); }

bool KalshiLimits::take_order(std::int64_t tokens, std::optional<std::int32_t> shard, Timestamp now) noexcept {
  if (shard && *shard >= 0) {
    const auto index = static_cast<std::size_t>(std::min(*shard, kKalshiShards - 1));
    return write_[index].try_take(tokens, now);
  }
  const bool fits = std::all_of(write_.begin(), write_.end(), [&](const net::RateLimiter& bucket) {
    return bucket.wait_for(tokens, now) <= Duration{0};
  });
  if (!fits) return false;
  for (net::RateLimiter& bucket : write_) static_cast<void>(bucket.try_take(tokens, now));
  return true;
}

std::string KalshiLimits::limits_document() {
  JsonWriter json;
  json.begin_object().field("usage_tier", "basic");
  json.key("read").begin_object().field("refill_rate", kReadRate).field("bucket_capacity", kReadCapacity).end_object();
  json.key("write").begin_object().field("refill_rate", kWriteRate).field("bucket_capacity", kWriteCapacity);
  json.end_object().key("grants").begin_array().end_array().end_object();
  return json.take();
}

std::string KalshiLimits::costs_document() {
  constexpr std::array<std::string_view, 3> kCheap = {"/trade-api/v2/portfolio/events/orders",
                                                      "/trade-api/v2/portfolio/events/orders/:order_id",
                                                      "/trade-api/v2/portfolio/events/orders/batched"};
  JsonWriter json;
  json.begin_object().field("default_cost", kDefaultCost).key("endpoint_costs").begin_array();
  for (const std::string_view path : kCheap) {
    json.begin_object().field("method", "DELETE").field("path", path).field("cost", kCancelCost).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace arbees::sim
