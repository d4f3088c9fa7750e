#pragma once
// HTTP/1.1 requests to one host over kept-alive connections; each ends in exactly one callback.
//
// Every request has a deadline that covers queueing, connecting, sending and the whole answer. A request is
// never sent twice by itself: what to repeat is known only to who asked. TLS as in websocket_client.h.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/io_loop.h"
#include "adapters/net/url.h"
#include "adapters/net/websocket_client.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::net {

struct HttpRequest {
  std::string method = "GET";
  std::string target;           // path and query from the root
  std::vector<Header> headers;  // Host, User-Agent, Content-Length and Accept are set if absent
  std::string body;
  Duration timeout = std::chrono::seconds(10);
};

struct HttpResponse {
  int status = 0;
  std::vector<Header> headers;  // names in lower case
  std::string body;             // followed by kFramePadding readable bytes inside its capacity
  Timestamp sent_at = kNoTime;  // first byte handed to the socket
  Timestamp received_at = kNoTime;

  // Empty if absent; `name` in lower case.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

// Why there is no answer. `may_have_arrived`: the request was at least partly sent, so the server may have acted on it.
struct HttpFailure {
  std::string reason;
  bool may_have_arrived = false;
  bool timed_out = false;
};

using HttpAnswer = Result<HttpResponse, HttpFailure>;

struct HttpClientOptions {
  std::string ca_file;                                 // empty: the system's roots
  std::size_t max_connections = 4;                     // at once to this host
  std::size_t max_queued = 1000;                       // waiting requests; more are refused at once
  std::size_t max_body_bytes = std::size_t{32} << 20;  // of an answer
  Duration idle_timeout = std::chrono::seconds(30);    // an unused connection is closed after this
};

class HttpClient {
 public:
  HttpClient(IoLoop& loop, Url base, HttpClientOptions options = {});
  ~HttpClient();  // unanswered requests are dropped without a callback
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void send(HttpRequest request, std::function<void(HttpAnswer)> done);
  [[nodiscard]] const Url& base() const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace arbees::net
