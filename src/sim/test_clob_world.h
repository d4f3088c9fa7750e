#pragma once
// For tests: a world in virtual time and WebSocket clients without sockets.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/net/io_loop.h"
#include "sim/servers.h"

namespace arbees::sim {

// Keeps what a server sends.
class FrameSink final : public net::ServerSocket {
 public:
  void send(std::string_view text) override { frames_.emplace_back(text); }
  void ping(std::string_view) override {}
  void close(int, std::string_view) override { is_open_ = false; }
  void drop() override { is_open_ = false; }
  [[nodiscard]] bool is_open() const noexcept override { return is_open_; }

  // All frames since the last call.
  std::vector<std::string> take() { return std::exchange(frames_, {}); }

 private:
  std::vector<std::string> frames_;
  bool is_open_ = true;
};

struct VirtualClient {
  VirtualClient(net::ServerHandler& server, const std::string& path) : sink(std::make_shared<FrameSink>()) {
    net::ServerRequest request;
    request.method = "GET";
    request.target = request.path = path;
    handler = server.on_upgrade(request).handler;
    if (handler) handler->on_open(sink);
  }

  // The frames that answer.
  std::vector<std::string> ask(std::string_view text) {
    sink->take();
    handler->on_text(text, from_unix_s(1));
    return sink->take();
  }

  std::unique_ptr<net::ServerSocketHandler> handler;
  std::shared_ptr<FrameSink> sink;
};

struct VirtualWorld {
  static constexpr Timestamp kStart = from_unix_s(1'790'000'000);

  explicit VirtualWorld(std::uint64_t seed, std::string_view faults = "none")
      : world(settings_of(seed)),
        injector(parse_fault_plan(faults).value_or(FaultPlan{}), seed, kStart),
        keys(make_keys(seed)),
        now(kStart) {
    world.advance(now);
  }

  [[nodiscard]] ServerContext context() { return {loop, world, injector, keys}; }
  void advance(Duration by) {
    now += by;
    world.advance(now);
  }
  [[nodiscard]] static WorldSettings settings_of(std::uint64_t seed) {
    WorldSettings settings;
    settings.seed = seed;
    settings.starts_at = kStart;
    return settings;
  }

  net::IoLoop loop;
  World world;
  FaultInjector injector;
  SimKeys keys;
  Timestamp now;
};

}  // namespace arbees::sim
