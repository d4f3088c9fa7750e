#pragma once
// The kill switch of a data folder: a file, so that it survives restarts and works with nothing running.
//
// While DIR/halt exists, nothing may be traded from this folder. It ends only with resume(). A latch that cannot be
// read counts as halted: the answer to any doubt.

#include <string>

#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::app {

class HaltLatch {
 public:
  explicit HaltLatch(const std::string& folder);

  [[nodiscard]] bool is_halted() const noexcept;
  // Why, by whom and since when, as it was written; empty if not halted or not readable.
  [[nodiscard]] std::string reason() const;
  // Durable when it returns. Halting twice keeps the first reason. The error is a text for people.
  [[nodiscard]] Result<bool, std::string> halt(const std::string& reason, Timestamp now) const;
  // False if it was not halted.
  [[nodiscard]] Result<bool, std::string> resume() const;

 private:
  std::string folder_;
  std::string path_;
};

}  // namespace arbees::app
