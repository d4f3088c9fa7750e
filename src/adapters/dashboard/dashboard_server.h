#pragma once
// The dashboard: a page, and what it shows and does, over HTTP on a loopback address.
//
// GET / with its script and style, and GET /healthz are open; /metrics and everything under /api/ need the token, in
// the header "Authorization: Bearer TOKEN" or, for the WebSocket /api/stream, as second subprotocol beside "arbees". A
// request for another host name (DNS rebinding) or from another origin is refused; nothing is cacheable by others; no
// CORS. Only POST changes anything, and never on the strength of a cookie: there are none. Its body may be
// {"reason":"…"}.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/net/http_server.h"
#include "core/base/result.h"

namespace arbees {

// Where the dashboard gets what it shows; called in the loop's thread. What fails is a text for people, and answered
// with 500: an order that did not take effect must not look like one that did.
struct DashboardSources {
  using Answer = Result<std::string, std::string>;  // a JSON document

  std::function<std::string()> status;
  std::function<Answer()> fills;
  std::function<std::string()> metrics;                           // in the text format of Prometheus
  std::function<std::string(const std::string& body)> reason_in;  // of an order's body; empty if it has none
  std::function<Answer(const std::string& reason)> halt;          // {"halted":true}
  std::function<std::string()> doubt;  // why neither resume nor flatten is obeyed now (409); may be none
  std::function<Answer(const std::string& reason)> resume;  // {"halted":false}
  std::string reason_needed;  // not empty: nothing is resumed without a reason (400), and this says so
  // {"flattening":true}; what fails is answered with 409, for a halt is stronger.
  std::function<Answer(const std::string& reason)> flatten;
};

class DashboardServer final : public net::ServerHandler {
 public:
  static constexpr std::size_t kMaxBytes = 64 * 1024;  // of a request body or a frame of a client

  // The error says what is wrong with the port.
  [[nodiscard]] static Result<std::unique_ptr<DashboardServer>, std::string> open(net::IoLoop& loop, std::uint16_t port,
                                                                                  std::string token,
                                                                                  DashboardSources sources);
  ~DashboardServer() override;

  void on_request(net::ServerRequest request, net::Responder responder) override;
  Upgrade on_upgrade(const net::ServerRequest& request) override;

  // "http://127.0.0.1:8420".
  [[nodiscard]] std::string url() const;
  // Sends the present status to every open page; called a few times a second.
  void publish();

 private:
  class Stream;
  DashboardServer(std::string token, DashboardSources sources);

  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse answer_api(const net::ServerRequest& request);
  [[nodiscard]] bool is_own_host(const net::ServerRequest& request) const;
  [[nodiscard]] bool is_own_origin(const net::ServerRequest& request) const;
  [[nodiscard]] bool has_token(const net::ServerRequest& request) const;
  [[nodiscard]] bool is_token(std::string_view text) const noexcept;

  std::string token_;
  DashboardSources sources_;
  std::vector<Stream*> streams_;
  std::unique_ptr<net::HttpServer> server_;  // last: gone before what its handlers use
};

// The token of a data folder: read from DIR/dashboard.token, or made (0600, 64 hex digits from the system's generator).
[[nodiscard]] Result<std::string, std::string> dashboard_token(const std::string& folder);

}  // namespace arbees
