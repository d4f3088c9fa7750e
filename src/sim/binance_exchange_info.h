#pragma once
// GET /api/v3/exchangeInfo: the symbols with their filters; and the errors that all of Binance's REST shares.

#include <optional>
#include <string>
#include <vector>

#include "adapters/net/http_server.h"
#include "core/base/time.h"
#include "sim/world.h"

namespace arbees::sim::binance {

struct ApiError {
  int code = 0;
  std::string message;
};

[[nodiscard]] net::ServerResponse error_response(const ApiError& error);
[[nodiscard]] net::ServerResponse invalid_symbol();
[[nodiscard]] net::ServerResponse missing_parameter(std::string_view name);

// The products that `symbol=X` or `symbols=["X","Y"]` names; all without either; none if one is unknown.
[[nodiscard]] std::optional<std::vector<const SpotProduct*>> requested_products(const World& world,
                                                                                const net::ServerRequest& request);

[[nodiscard]] net::ServerResponse exchange_info(const World& world, const net::ServerRequest& request, Timestamp now);

}  // namespace arbees::sim::binance
