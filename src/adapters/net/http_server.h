#pragma once
// HTTP/1.1 and WebSocket server on a loopback port (or another address if asked): the dashboard, the loopback venues.
//
// Limits of every server: a request that is not complete within `request_timeout` is cut, a body over
// `max_body_bytes` gets 413, a WebSocket message over `max_message_bytes` is closed with 1009. A client that
// does not read what it is sent is disconnected once `max_queued_bytes` wait for it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_client.h"
#include "adapters/net/io_loop.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::net {

struct ServerRequest {
  std::string method;
  std::string target;           // as sent, with the query
  std::string path;             // without the query, percent-decoded
  std::string query;            // behind the '?', as sent
  std::vector<Header> headers;  // names in lower case
  std::string body;
  Timestamp received_at = kNoTime;

  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;  // empty if absent
  // Percent-decoded value of the first parameter of this name; empty if absent.
  [[nodiscard]] std::string parameter(std::string_view name) const;
  // All values, in order: repeated parameters.
  [[nodiscard]] std::vector<std::string> parameters(std::string_view name) const;
};

struct ServerResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<Header> headers;
};

// Answers one request, now or later, at most once; dropped unanswered it closes the connection (a lost answer).
class Responder {
 public:
  struct State;
  explicit Responder(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}
  void send(ServerResponse response) const;

 private:
  std::shared_ptr<State> state_;
};

// The server's end of one WebSocket. Held by whoever needs to send; sends to a closed one are ignored.
class ServerSocket {
 public:
  virtual ~ServerSocket() = default;
  virtual void send(std::string_view text) = 0;
  virtual void ping(std::string_view payload) = 0;
  virtual void close(int code, std::string_view reason) = 0;
  virtual void drop() = 0;  // the TCP connection, without a word
  [[nodiscard]] virtual bool is_open() const noexcept = 0;
};

// What the server tells its owner about one accepted WebSocket.
class ServerSocketHandler {
 public:
  virtual ~ServerSocketHandler() = default;
  virtual void on_open(std::shared_ptr<ServerSocket> socket) = 0;
  virtual void on_text(std::string_view text, Timestamp received_at) = 0;
  virtual void on_closed() = 0;  // last call
};

class ServerHandler {
 public:
  virtual ~ServerHandler() = default;
  virtual void on_request(ServerRequest request, Responder responder) = 0;
  // An upgrade was asked for. A handler accepts it; a response (`refusal`) refuses it. `subprotocol` set: echoed.
  struct Upgrade {
    std::unique_ptr<ServerSocketHandler> handler;
    std::string subprotocol;
    ServerResponse refusal{404, "application/json", "{}", {}};
  };
  virtual Upgrade on_upgrade(const ServerRequest& request) {
    static_cast<void>(request);
    return {};
  }
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;        // 0: any free one
  std::string certificate_file;  // PEM chain and key: TLS; empty: plain
  std::string key_file;
  std::size_t max_body_bytes = 64 * 1024;
  std::size_t max_message_bytes = std::size_t{1} << 20;
  std::size_t max_queued_bytes = std::size_t{16} << 20;  // per WebSocket
  std::size_t max_connections = 512;
  Duration request_timeout = std::chrono::seconds(10);
  Duration keep_alive = std::chrono::seconds(60);  // between requests of one connection
};

class HttpServer {
 public:
  // Listens at once; the error names address and port. `handler` outlives the server.
  static Result<std::unique_ptr<HttpServer>, std::string> listen(IoLoop& loop, ServerHandler& handler,
                                                                 const HttpServerOptions& options);
  virtual ~HttpServer() = default;  // closes every connection
  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
};

}  // namespace arbees::net
