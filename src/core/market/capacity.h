#pragma once
// How much the core can hold; every container gets its size from here at start and never grows.

#include <cstddef>

namespace arbees {

struct Capacity {
  std::size_t instruments = 8192;  // named contracts and spot pairs at one time
  std::size_t event_groups = 2048;
  std::size_t positions = 8192;  // instrument and outcome
  std::size_t open_orders = 1024;
  std::size_t open_requests = 128;
};

}  // namespace arbees
