#pragma once
// Metrics for Prometheus on a port of their own: GET /metrics, and GET /healthz, without a token.
//
// On a loopback address it answers for 127.0.0.1 and localhost alone (DNS rebinding); bound elsewhere, whoever reaches
// it may read. Nothing can be changed here, and what is told are counts and sums, never keys or accounts.

#include <functional>
#include <memory>
#include <string>

#include "adapters/net/http_server.h"
#include "core/base/result.h"

namespace arbees {

// The type of what /metrics answers.
inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

class MetricsServer final : public net::ServerHandler {
 public:
  using Source = std::function<std::string()>;  // called in the loop's thread

  // The error says what is wrong with address or port.
  [[nodiscard]] static Result<std::unique_ptr<MetricsServer>, std::string> open(net::IoLoop& loop,
                                                                                const std::string& address,
                                                                                std::uint16_t port, Source source);
  ~MetricsServer() override;

  void on_request(net::ServerRequest request, net::Responder responder) override;
  // "http://127.0.0.1:9464/metrics".
  [[nodiscard]] std::string url() const;

 private:
  MetricsServer(std::string address, Source source);
  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request) const;
  [[nodiscard]] bool is_own_host(const net::ServerRequest& request) const;

  std::string address_;
  Source source_;
  std::unique_ptr<net::HttpServer> server_;  // last: gone before what its handler uses
};

}  // namespace arbees
