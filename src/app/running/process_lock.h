#pragma once
// One trading process for each data folder: a lock that dies with the process, and who holds it.

#include <optional>
#include <string>

#include "core/base/result.h"

namespace arbees::app {

class ProcessLock {
 public:
  // Makes the folder if it is missing. The error says who holds the lock, or what is wrong with the folder.
  [[nodiscard]] static Result<ProcessLock, std::string> take(const std::string& folder);
  ~ProcessLock();
  ProcessLock(ProcessLock&& other) noexcept;
  ProcessLock& operator=(ProcessLock&&) = delete;

  // The lock NAME of a folder that processes of several users share; made for all of them where it is missing.
  [[nodiscard]] static Result<ProcessLock, std::string> take_shared(const std::string& folder, const std::string& name);

  // The process that holds the folder's lock now; nothing if none does.
  [[nodiscard]] static std::optional<int> holder(const std::string& folder);

 private:
  [[nodiscard]] static Result<ProcessLock, std::string> hold(int descriptor, const std::string& path,
                                                             const std::string& held_text);
  explicit ProcessLock(int descriptor) noexcept : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace arbees::app
