#pragma once
// The kill switch of a data folder, on disk, so that it survives restarts and works with nothing running.
//
// While DIR/halt exists, nothing may be traded from this folder; while DIR/flatten does, everything is sold and nothing
// bought. Halted is the stronger of the two. Both end only with resume(), not with the loss of their file or folder:
// DIR/halt-history keeps what began and what ended, when and why, and its word counts. What cannot be read counts as
// halted: the answer to any doubt.

#include <string>
#include <vector>

#include "app/running/kept_latch.h"

namespace arbees::app {

class HaltLatch {
 public:
  explicit HaltLatch(const std::string& folder);

  [[nodiscard]] bool is_halted() const { return halt_.is_set(); }
  // Why and since when, each as it was written, the first one first; none only if it is not halted.
  [[nodiscard]] std::vector<std::string> reasons() const { return halt_.reasons(); }
  [[nodiscard]] std::string reason() const { return halt_.reason(); }
  // Durable when it returns. Halting twice keeps the first reason and adds the later one. The error is a text for
  // people.
  [[nodiscard]] Result<bool, std::string> halt(const std::string& reason, Timestamp now) const {
    return halt_.set(reason, now);
  }

  [[nodiscard]] bool is_flattening() const { return flatten_.is_set(); }
  [[nodiscard]] std::string flatten_reason() const { return flatten_.reason(); }
  // Likewise durable; refused while halted.
  [[nodiscard]] Result<bool, std::string> flatten(const std::string& reason, Timestamp now) const;

  // Whether there is something to end.
  [[nodiscard]] bool is_set() const { return is_halted() || is_flattening(); }
  // Ends both. False if there was nothing to end.
  [[nodiscard]] Result<bool, std::string> resume(const std::string& reason, Timestamp now) const;
  // For the process that obeys both, with every look.
  void keep(Timestamp now) const;
  // What the last resume has written to the history; empty if there was none.
  [[nodiscard]] std::string last_resume() const;

 private:
  // What a resume writes.
  [[nodiscard]] std::string ends(const std::string& reason, Timestamp now) const;

  std::string folder_;
  KeptLatch halt_;
  KeptLatch flatten_;
};

}  // namespace arbees::app
