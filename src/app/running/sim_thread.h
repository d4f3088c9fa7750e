#pragma once
// The loopback venues in a thread of their own, for the demo and for tests: real servers, real sockets.

#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "sim/sim_server.h"

namespace arbees::app {

class SimThread {
 public:
  // Returns when the servers listen. The error is theirs.
  [[nodiscard]] static Result<std::unique_ptr<SimThread>, std::string> start(const sim::SimOptions& options);
  ~SimThread();  // stops the servers
  SimThread(const SimThread&) = delete;
  SimThread& operator=(const SimThread&) = delete;

  // The configuration that points at them.
  [[nodiscard]] const std::string& configuration() const noexcept;
  // Runs `work` in the thread of the servers, and returns when it is done.
  void with_server(const std::function<void(sim::SimServer&)>& work);

 private:
  struct Parts;
  explicit SimThread(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace arbees::app
