#pragma once
// An order to the process of a data folder that outlives it: a file whose being there is the order.
//
// Setting and clearing are durable when they return. A latch that cannot be looked at counts as set. That its file is
// not there says only that: whether it was lifted, KeptLatch knows.

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::app {

// "TIME REASON" in one line, as latches and their history have it.
[[nodiscard]] std::string dated_reason(const std::string& reason, Timestamp now);

class FolderLatch {
 public:
  // DIR/name.
  FolderLatch(const std::string& folder, const std::string& name);

  [[nodiscard]] bool is_set() const noexcept;
  // Why and since when, each as it was written, the first one first. None only if it is not set: a file without a word
  // says that there is none.
  [[nodiscard]] std::vector<std::string> reasons() const;
  // All of them in one line.
  [[nodiscard]] std::string reason() const;
  // False if it was set already: the first reason stays, and this one is added. The error is a text for people.
  [[nodiscard]] Result<bool, std::string> set(const std::string& reason, Timestamp now) const;
  // With these reasons, after its file was lost; the folder is not made. False if it is set.
  [[nodiscard]] bool put_back(const std::vector<std::string>& reasons) const;
  // False if it was not set.
  [[nodiscard]] Result<bool, std::string> clear() const;

 private:
  // False also where it cannot be added: the latch is set, and that is what counts.
  [[nodiscard]] bool add(const std::string& reason, Timestamp now) const;

  std::string folder_;
  std::string path_;
};

}  // namespace arbees::app
