#pragma once
// Kalshi's routes about the account itself: limits, keys, and the lists that are empty in a simulated one.

#include <string_view>

#include "adapters/net/http_server.h"
#include "sim/kalshi_text.h"

namespace arbees::sim {

class KalshiAccount {
 public:
  explicit KalshiAccount(const KalshiShared& shared) : shared_(shared) {}

  [[nodiscard]] net::ServerResponse limits() const;
  [[nodiscard]] net::ServerResponse endpoint_costs() const;
  [[nodiscard]] net::ServerResponse api_keys() const;
  // {"deposits":[],"cursor":""}
  [[nodiscard]] net::ServerResponse empty_list(std::string_view name) const;

 private:
  const KalshiShared& shared_;
};

}  // namespace arbees::sim
