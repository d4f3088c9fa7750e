#pragma once
// A role as a process of its own, for measuring: this very program with other words.

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace arbees::app {

class RoleProcess {
 public:
  // Returns when it says that it is ready. `folder` gets what it writes to stderr. The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<RoleProcess>, std::string> start(std::vector<std::string> words,
                                                                               const std::string& folder);
  ~RoleProcess();  // ends it
  RoleProcess(const RoleProcess&) = delete;
  RoleProcess& operator=(const RoleProcess&) = delete;

 private:
  RoleProcess() = default;
  pid_t child_ = -1;
};

// Ports of 127.0.0.1 that nothing listens at now.
[[nodiscard]] std::vector<std::uint16_t> free_ports(std::size_t count);

}  // namespace arbees::app
