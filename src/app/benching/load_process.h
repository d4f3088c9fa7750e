#pragma once
// The process that sends: four venues on 127.0.0.1, so that what they cost is not counted as ours.

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "app/benching/load_plan.h"
#include "core/base/result.h"

namespace arbees::app {

// In this order in LoadProcess::ports.
enum class LoadHost : std::uint8_t { Kalshi, Polymarket, Coinbase, Binance };
inline constexpr std::size_t kLoadHostCount = 4;

class LoadProcess {
 public:
  // Forks, so it comes before any thread. With plan.tls a certificate is made in `folder`. Returns when the servers
  // listen; the messages begin when `begin` is called. The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<LoadProcess>, std::string> start(const LoadPlan& plan,
                                                                               const std::string& folder);
  ~LoadProcess();  // ends it
  LoadProcess(const LoadProcess&) = delete;
  LoadProcess& operator=(const LoadProcess&) = delete;

  void begin() const;
  [[nodiscard]] std::string url(LoadHost host, bool websocket) const;  // without a path
  [[nodiscard]] const std::string& ca_file() const noexcept { return ca_file_; }

 private:
  LoadProcess() = default;

  std::array<std::uint16_t, kLoadHostCount> ports_{};
  std::string ca_file_;
  pid_t child_ = -1;
  int to_child_ = -1;
};

}  // namespace arbees::app
