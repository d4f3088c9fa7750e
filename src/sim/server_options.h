#pragma once
// What all loopback servers have in common as servers.

#include "adapters/net/http_server.h"

namespace arbees::sim {

// Bodies as large as the venues take: Polymarket cancels 1,000 orders in one request, 69 bytes each, and answers a
// larger one in words.
[[nodiscard]] inline net::HttpServerOptions server_options() {
  net::HttpServerOptions options;
  options.max_body_bytes = std::size_t{512} * 1024;
  return options;
}

}  // namespace arbees::sim
