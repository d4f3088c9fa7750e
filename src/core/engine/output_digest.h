#pragma once
// A running hash over all outputs in order: two runs with the same digest decided the same.

#include <cstdint>

#include "core/market/outputs.h"

namespace arbees {

class OutputDigest {
 public:
  void add(const Outputs& outputs) noexcept;
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

 private:
  void add(const ExecutionRequest& request) noexcept;
  void add(const Report& report) noexcept;

  std::uint64_t value_ = 0;
};

}  // namespace arbees
