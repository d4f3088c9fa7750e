#pragma once
// A gateway's REST requests: signed, within a rate, reads repeated after trouble and writes never.
//
// A read that fails (no answer, 429, 5xx) is asked again a few times, because asking changes nothing; a write is sent
// once and its failure is told as it is. Orders have connections of their own, so that none waits behind a question,
// and so have cancels: no cancel waits behind orders that are not answered. Callbacks come from the loop.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_client.h"
#include "adapters/net/io_loop.h"
#include "core/base/time.h"

namespace arbees {

// One request as a signer sees it; `target` is path and query from the root.
struct RestCall {
  std::string method = "GET";
  std::string target;
  std::string body;
};

class GatewayRest {
 public:
  using Sign = std::function<std::vector<net::Header>(const RestCall&)>;
  using Done = std::function<void(net::HttpAnswer)>;

  struct Options {
    net::HttpClientOptions http;
    Duration write_timeout = std::chrono::seconds(4);
    Duration read_timeout = std::chrono::seconds(4);
    int read_attempts = 6;
  };

  GatewayRest(net::IoLoop& loop, const net::Url& base, const Options& options, Sign sign);
  GatewayRest(const GatewayRest&) = delete;
  GatewayRest& operator=(const GatewayRest&) = delete;

  // `path` is below the base: "/portfolio/balance?x=1".
  void read(std::string_view path, Done done);
  void write(std::string method, std::string_view path, std::string body, Done done);
  // A write that must not wait: a cancel, a sign of life.
  void write_urgent(std::string method, std::string_view path, std::string body, Done done);
  // A write whose headers are made already.
  void write_signed(RestCall call, std::vector<net::Header> headers, Done done);

  [[nodiscard]] std::string target(std::string_view path) const { return net::join(reads_.base(), path).target; }
  [[nodiscard]] std::uint64_t throttled() const noexcept { return throttled_; }

 private:
  void write_by(net::HttpClient& client, const RestCall& call, std::vector<net::Header> headers, Done done);
  void attempt(const std::shared_ptr<RestCall>& call, int left, const std::shared_ptr<Done>& done);
  static void send(net::HttpClient& client, const RestCall& call, std::vector<net::Header> headers, Duration timeout,
                   Done done);

  net::IoLoop& loop_;
  net::HttpClient writes_;
  net::HttpClient urgent_;
  net::HttpClient reads_;
  Options options_;
  Sign sign_;
  std::uint64_t throttled_ = 0;
  std::vector<std::unique_ptr<net::Timer>> pauses_;  // of reads that wait for their next attempt
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// 429 and 5xx, or no answer at all.
[[nodiscard]] bool is_trouble(const net::HttpAnswer& answer) noexcept;
// "HTTP 500: …" or the network's reason, for people; cut.
[[nodiscard]] std::string trouble_text(const net::HttpAnswer& answer);

}  // namespace arbees
