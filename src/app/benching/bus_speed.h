#pragma once
// `arbees bench --bus`: what the bus between the processes of a split system costs, beside ZeroMQ's own ping-pong.
//
// The roles are real processes of this program, over TCP on loopback as by default; this process stands for the others:
// the monitors and the orchestrator of a shard, and the shards of an executor. Every time is one of this process's
// clock, from just before a message is given to the publisher to just after the answer has been read and decoded:
//
//   ping_pong        ZeroMQ alone: to a process that sends the message back.
//   executor         a request to `execution-service` and its answer. The request is a repetition, which is judged,
//                    looked up among those on disk and answered, but not executed: nothing waits for a venue.
//   executor_new     the same with requests that are new, refused, and written down before the answer.
//   price_to_request a contract's price to `crypto-shard`, which sees a contradiction, to its request.
//   spot_to_request  a spot price to `crypto-shard`, which sees a quote left behind, to its request.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace arbees::app {

struct BusTimes {
  std::string name;
  std::uint64_t count = 0;
  std::int64_t p50_ns = 0;
  std::int64_t p90_ns = 0;
  std::int64_t p99_ns = 0;
  std::int64_t max_ns = 0;
};

struct BusSpeed {
  std::size_t message_bytes = 0;
  double load_before = 0.0;  // of the machine, one minute
  double load_after = 0.0;
  std::vector<BusTimes> times;  // ping_pong first

  [[nodiscard]] std::string to_json() const;
  [[nodiscard]] std::string to_text() const;
};

// About `seconds` for the shard's part; the others take half a minute. The error is a text for people.
[[nodiscard]] Result<BusSpeed, std::string> measure_bus(double seconds);

}  // namespace arbees::app
