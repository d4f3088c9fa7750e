#pragma once
// The five servers in front of one world, each made by its own factory.
//
// All live in one thread: handlers are called from the loop, listeners from World::advance(), never both at once.
// A server adds itself to the world as a listener and removes itself when it ends; the world, the faults, the keys
// and the loop outlive it. Order entry calls World::place(…, IoLoop::now()).

#include <cstdint>
#include <memory>
#include <string>

#include "adapters/net/http_server.h"
#include "adapters/net/io_loop.h"
#include "sim/faults.h"
#include "sim/keys.h"
#include "sim/world.h"

namespace arbees::sim {

struct ServerContext {
  net::IoLoop& loop;
  World& world;
  FaultInjector& faults;
  const SimKeys& keys;
  std::uint64_t seed = 1;
  std::int64_t chain_id = 137;
};

// REST under /trade-api/v2, WebSocket at /trade-api/ws/v2.
[[nodiscard]] std::unique_ptr<net::ServerHandler> make_kalshi_server(const ServerContext& context);
// CLOB REST, and WebSockets /ws/market, /ws/user.
[[nodiscard]] std::unique_ptr<net::ServerHandler> make_clob_server(const ServerContext& context);
[[nodiscard]] std::unique_ptr<net::ServerHandler> make_gamma_server(const ServerContext& context);
// Exchange and Advanced Trade WebSocket on any path, REST.
[[nodiscard]] std::unique_ptr<net::ServerHandler> make_coinbase_server(const ServerContext& context);
[[nodiscard]] std::unique_ptr<net::ServerHandler> make_binance_server(const ServerContext& context);

}  // namespace arbees::sim
