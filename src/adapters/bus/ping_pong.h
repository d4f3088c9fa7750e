#pragma once
// What ZeroMQ itself costs on this machine: a message of two frames to another process and back, nothing else done.
//
// PUB and SUB over TCP on loopback, as the roles have them, but with the library's own calls alone. The baseline of
// every time that is measured over the bus.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "core/base/time.h"

namespace arbees::bus {

struct PingPongOptions {
  std::uint16_t there_port = 0;  // both free
  std::uint16_t back_port = 0;
  std::size_t bytes = 600;  // of the second frame; the first is a topic
  std::uint64_t messages = 2'000;
  Duration pause = std::chrono::milliseconds(1);  // between one's return and the next
};

// Calls `took` with each round trip. Forks: comes before any thread of this process. Empty, or what went wrong.
[[nodiscard]] std::string ping_pong(const PingPongOptions& options, const std::function<void(Duration)>& took);

}  // namespace arbees::bus
