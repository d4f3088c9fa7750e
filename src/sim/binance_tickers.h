#pragma once
// GET /api/v3/ticker/24hr, /ticker/price and /ticker/bookTicker.

#include <optional>

#include "adapters/net/http_server.h"
#include "core/base/time.h"
#include "sim/world.h"

namespace arbees::sim::binance {

// An object for `symbol=X`, an array otherwise. None if the path is not one of these.
[[nodiscard]] std::optional<net::ServerResponse> ticker_response(const World& world, const net::ServerRequest& request,
                                                                 Timestamp now);

}  // namespace arbees::sim::binance
