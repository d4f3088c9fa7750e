#include "adapters/net/http_server.h"

#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <unordered_set>

#include "adapters/net/http_parser.h"
#include "adapters/net/http_text.h"
#include "adapters/net/stream.h"
#include "adapters/net/tls.h"
#include "adapters/net/websocket_channel.h"

namespace arbees::net {
namespace {

class Session;

constexpr std::size_t kChunkBytes = std::size_t{16} * 1024;
constexpr std::size_t kMaxReadAhead = std::size_t{64} * 1024;  // of pipelined requests
constexpr Duration kAcceptPause = std::chrono::milliseconds(100);

// What sessions know of their server; outlives it, as they do for a moment.
struct Server {
  Server(IoLoop& l, ServerHandler& h, const HttpServerOptions& o)
      : loop(l.impl()), handler(&h), options(o), acceptor(l.impl().context), pause(l.impl().context) {}

  IoLoop::Impl& loop;
  ServerHandler* handler;  // null: the server is gone
  HttpServerOptions options;
  TlsContext tls;
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor;
  SteadyTimer pause;
  std::unordered_set<std::shared_ptr<Session>> sessions;
};

// ---- One connection ----

class Session final : public WebSocketHandler, public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Server> server, Socket socket)
      : server_(std::move(server)),
        stream_(std::make_unique<Stream>(server_->loop, std::move(socket))),
        timer_(server_->loop.context) {}

  void start();
  // The answer to request number `number`; ignored if it is not the present one.
  void respond(std::uint64_t number, const ServerResponse& response);
  void give_up(std::uint64_t number);
  void close();

  void on_open() override;
  void on_frame(std::string_view frame, Timestamp received_at) override;
  void on_closed(const WebSocketClosed& closed) override;

 private:
  enum class Phase { Receiving, Answering, Writing, Lingering, WebSocket, Closed };

  void begin_request(Duration patience);
  void set_timer(Duration delay);
  void on_timer();
  void read();
  void on_read(const ErrorCode& error, std::size_t count);
  void process();
  void allow_body();
  void dispatch();
  void upgrade(const ServerRequest& request);
  void reject(int status);
  void write(const ServerResponse& response);
  void on_written(const ErrorCode& error);
  void linger();
  template <class Call>
  void tell(Call call);

  std::shared_ptr<Server> server_;
  std::unique_ptr<Stream> stream_;  // null once it is a WebSocket's
  SteadyTimer timer_;
  Phase phase_ = Phase::Receiving;
  std::unique_ptr<RequestParser> parser_;
  std::string input_;   // read and not yet parsed
  std::string output_;  // being written
  std::array<char, kChunkBytes> chunk_{};
  std::uint64_t number_ = 0;  // of the present request
  bool is_reading_ = false;
  bool has_begun_ = false;  // the first byte of the present request is there
  bool was_allowed_ = false;
  bool is_head_ = false;
  bool is_last_ = false;
  bool is_telling_ = false;
  std::shared_ptr<WebSocketChannel> channel_;
  std::unique_ptr<ServerSocketHandler> socket_handler_;
};

// Held by the server's user; knows the connection only as long as it lives.
class SocketHandle final : public ServerSocket {
 public:
  explicit SocketHandle(std::weak_ptr<WebSocketChannel> channel) : channel_(std::move(channel)) {}

  void send(std::string_view text) override {
    if (const auto channel = channel_.lock()) channel->send(std::string(text));
  }
  void ping(std::string_view payload) override {
    if (const auto channel = channel_.lock()) channel->ping(payload);
  }
  void close(int code, std::string_view reason) override {
    if (const auto channel = channel_.lock()) channel->close(code, reason);
  }
  void drop() override {
    if (const auto channel = channel_.lock()) channel->drop();
  }
  [[nodiscard]] bool is_open() const noexcept override {
    const auto channel = channel_.lock();
    return channel && channel->is_open();
  }

 private:
  std::weak_ptr<WebSocketChannel> channel_;
};

}  // namespace

struct Responder::State {
  State(std::weak_ptr<Session> s, std::uint64_t n) : session(std::move(s)), number(n) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (const auto held = session.lock()) held->give_up(number);
  }

  std::weak_ptr<Session> session;
  std::uint64_t number;
};

void Responder::send(ServerResponse response) const {
  if (const auto session = state_->session.lock()) session->respond(state_->number, response);
}

namespace {

void Session::start() {
  set_timer(server_->options.request_timeout);
  if (!server_->tls) return begin_request(server_->options.request_timeout);
  stream_->accept_tls(server_->tls, [self = shared_from_this()](const std::string& error) {
    if (self->phase_ == Phase::Closed) return;
    if (!error.empty()) return self->close();
    self->begin_request(self->server_->options.request_timeout);
  });
}

void Session::begin_request(Duration patience) {
  phase_ = Phase::Receiving;
  parser_ = std::make_unique<RequestParser>(server_->options.max_body_bytes);
  has_begun_ = false;
  was_allowed_ = false;
  set_timer(patience);
  process();
}

// ---- Time ----

void Session::set_timer(Duration delay) {
  timer_.expires_at(deadline_after(delay));
  timer_.async_wait([weak = weak_from_this()](ErrorCode error) {
    const auto self = weak.lock();
    // A wait that was over before the timer was set anew comes without an error: its time tells.
    if (!error && self && self->timer_.expiry() <= SteadyClock::now()) self->on_timer();
  });
}

void Session::on_timer() {
  if (phase_ == Phase::Receiving && has_begun_) return reject(408);
  close();
}

// ---- Receiving ----

void Session::read() {
  if (is_reading_) return;
  is_reading_ = true;
  stream_->read_some(asio::buffer(chunk_), IoHandler([self = shared_from_this()](ErrorCode error, std::size_t count) {
                       self->is_reading_ = false;
                       if (self->phase_ != Phase::Closed) self->on_read(error, count);
                     }));
}

void Session::on_read(const ErrorCode& error, std::size_t count) {
  if (phase_ == Phase::Lingering) return;
  if (error) {
    // Who sends no more may still read; but nobody waits for an answer on a connection that is gone.
    if (phase_ != Phase::Writing) return close();
    is_last_ = true;
    return;
  }
  input_.append(chunk_.data(), count);
  if (phase_ == Phase::Receiving) return process();
  if (input_.size() < kMaxReadAhead) read();
}

void Session::process() {
  if (input_.empty()) return read();
  if (!has_begun_) {
    has_begun_ = true;
    set_timer(server_->options.request_timeout);
  }
  const Parsed parsed = parser_->feed(input_);
  input_.erase(0, parsed.consumed);
  switch (parsed.state) {
    case ParseState::NeedMore: allow_body(); return read();
    case ParseState::Malformed: return reject(400);
    case ParseState::HeaderTooLarge: return reject(431);
    case ParseState::BodyTooLarge: return reject(413);
    case ParseState::Done: return dispatch();
  }
}

void Session::allow_body() {
  if (was_allowed_ || !parser_->waits_for_continue()) return;
  was_allowed_ = true;
  static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
  stream_->write_all(kGoOn, IoHandler([self = shared_from_this()](ErrorCode, std::size_t) {}));
}

// ---- Answering ----

// Calls the user's code, which may destroy the server: then nothing of it is kept beyond the call.
template <class Call>
void Session::tell(Call call) {
  const auto self = shared_from_this();
  is_telling_ = true;
  call();
  is_telling_ = false;
  if (phase_ == Phase::Closed) socket_handler_.reset();
}

void Session::dispatch() {
  ServerRequest request = parser_->take();
  request.received_at = stream_->read_at();
  is_head_ = request.method == "HEAD";
  is_last_ = !parser_->keeps_alive();
  if (parser_->asks_for_websocket()) return upgrade(request);
  phase_ = Phase::Answering;
  timer_.cancel();
  Responder responder(std::make_shared<Responder::State>(weak_from_this(), ++number_));
  tell([&] { server_->handler->on_request(std::move(request), std::move(responder)); });
  if (phase_ == Phase::Answering) read();  // to notice if the client goes away
}

void Session::respond(std::uint64_t number, const ServerResponse& response) {
  if (phase_ == Phase::Answering && number == number_) write(response);
}

void Session::give_up(std::uint64_t number) {
  if (phase_ == Phase::Answering && number == number_) close();
}

void Session::reject(int status) {
  is_last_ = true;
  is_head_ = false;
  write({status, "application/json", "{}", {}});
}

void Session::write(const ServerResponse& response) {
  phase_ = Phase::Writing;
  set_timer(server_->options.keep_alive);
  output_ = response_text(response, {is_head_, is_last_, parser_->is_old_client()});
  stream_->write_all(output_, IoHandler([self = shared_from_this()](ErrorCode error, std::size_t) {
                       if (self->phase_ == Phase::Writing) self->on_written(error);
                     }));
}

void Session::on_written(const ErrorCode& error) {
  if (error) return close();
  if (is_last_) return linger();
  begin_request(server_->options.keep_alive);
}

void Session::linger() {
  phase_ = Phase::Lingering;
  timer_.cancel();
  stream_->linger([self = shared_from_this()] { self->close(); });
}

void Session::close() {
  if (phase_ == Phase::Closed) return;
  const auto self = shared_from_this();
  phase_ = Phase::Closed;
  timer_.cancel();
  if (channel_) channel_->abandon();
  if (stream_) stream_->close();
  if (!is_telling_) socket_handler_.reset();
  server_->sessions.erase(self);
}

// ---- WebSockets ----

void Session::upgrade(const ServerRequest& request) {
  ServerHandler::Upgrade upgrade;
  tell([&] { upgrade = server_->handler->on_upgrade(request); });
  if (phase_ == Phase::Closed) return;
  if (!upgrade.handler) return write(upgrade.refusal);
  // Frames before our answer, or another request under way: no client may do that.
  if (!input_.empty() || is_reading_) return reject(400);
  timer_.cancel();
  phase_ = Phase::WebSocket;
  socket_handler_ = std::move(upgrade.handler);
  WebSocketOptions limits;
  limits.connect_timeout = server_->options.request_timeout;
  limits.idle_timeout = Duration::zero();
  limits.ping_interval = Duration::zero();
  limits.max_frame_bytes = server_->options.max_message_bytes;
  limits.max_queued_bytes = server_->options.max_queued_bytes;
  channel_ = WebSocketChannel::make(std::move(*stream_), *this, limits);
  stream_.reset();
  channel_->accept(request, upgrade.subprotocol);
}

void Session::on_open() {
  tell([&] { socket_handler_->on_open(std::make_shared<SocketHandle>(channel_)); });
}

void Session::on_frame(std::string_view frame, Timestamp received_at) {
  tell([&] { socket_handler_->on_text(frame, received_at); });
}

void Session::on_closed(const WebSocketClosed& closed) {
  if (closed.was_open) {
    tell([&] { socket_handler_->on_closed(); });
  }
  close();
}

// ---- The server ----

void accept_next(const std::shared_ptr<Server>& server);

void on_accepted(const std::shared_ptr<Server>& server, const ErrorCode& error, Socket socket) {
  if (server->handler == nullptr) return;
  if (error) {
    // Out of file descriptors or the like: trying at once would only spin.
    server->pause.expires_at(deadline_after(kAcceptPause));
    server->pause.async_wait([server](ErrorCode cancelled) {
      if (!cancelled && server->handler != nullptr) accept_next(server);
    });
    return;
  }
  if (server->sessions.size() < server->options.max_connections) {
    const auto session = std::make_shared<Session>(server, std::move(socket));
    server->sessions.insert(session);
    session->start();
  }
  accept_next(server);
}

void accept_next(const std::shared_ptr<Server>& server) {
  server->acceptor.async_accept(
      [server](ErrorCode error, Socket socket) { on_accepted(server, error, std::move(socket)); });
}

class ListeningServer final : public HttpServer {
 public:
  ListeningServer(std::shared_ptr<Server> server, std::uint16_t port) : server_(std::move(server)), port_(port) {}
  ListeningServer(const ListeningServer&) = delete;
  ListeningServer& operator=(const ListeningServer&) = delete;
  ~ListeningServer() override {
    server_->handler = nullptr;
    ErrorCode ignored;
    server_->acceptor.close(ignored);
    server_->pause.cancel();
    const auto sessions = std::exchange(server_->sessions, {});
    for (const auto& session : sessions) session->close();
  }
  [[nodiscard]] std::uint16_t port() const noexcept override { return port_; }

 private:
  std::shared_ptr<Server> server_;
  std::uint16_t port_;
};

ErrorCode open_acceptor(Server& server, const asio::ip::tcp::endpoint& endpoint) {
  ErrorCode error;
  auto& acceptor = server.acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

}  // namespace

Result<std::unique_ptr<HttpServer>, std::string> HttpServer::listen(IoLoop& loop, ServerHandler& handler,
                                                                    const HttpServerOptions& options) {
  const auto server = std::make_shared<Server>(loop, handler, options);
  const std::string place = options.address + ":" + std::to_string(options.port);
  if (!options.certificate_file.empty()) {
    auto tls = server_tls(options.certificate_file, options.key_file);
    if (!tls) return failure(std::move(tls.error()));
    server->tls = *std::move(tls);
  }
  ErrorCode error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return failure("listen on " + place + ": not an address");
  error = open_acceptor(*server, {address, options.port});
  if (error) return failure("listen on " + place + ": " + error.message());
  accept_next(server);
  return std::make_unique<ListeningServer>(server, server->acceptor.local_endpoint().port());
}

}  // namespace arbees::net
