#pragma once
// Binance's public REST answers under /api/v3, and its empty lists of futures.
//
// Errors are {"code":-1121,"msg":"Invalid symbol."} with status 400. The weight that a request costs is added up
// per minute and stated in every answer; it is never enforced.

#include <cstdint>

#include "adapters/net/http_server.h"
#include "core/base/time.h"
#include "sim/world.h"

namespace arbees::sim::binance {

class Rest {
 public:
  explicit Rest(const World& world) noexcept : world_(world) {}

  // `now` is the venue's clock.
  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request, Timestamp now);
  // What is said instead of an answer: 429 or 503.
  [[nodiscard]] static net::ServerResponse refusal(int status);

 private:
  [[nodiscard]] std::int64_t used_weight(std::int64_t weight, Timestamp now) noexcept;

  const World& world_;
  std::int64_t minute_ = 0;
  std::int64_t weight_ = 0;  // of that minute
};

}  // namespace arbees::sim::binance
