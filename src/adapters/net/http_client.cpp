#include "adapters/net/http_client.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <deque>

#include "adapters/net/http_parser.h"
#include "adapters/net/http_text.h"
#include "adapters/net/stream.h"

namespace arbees::net {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{16} * 1024;

using Answered = std::function<void(HttpAnswer)>;

// One request from send() to its callback.
struct Exchange {
  Exchange(HttpRequest r, Answered d, Executor executor)
      : request(std::move(r)), done(std::move(d)), deadline(std::move(executor)) {}

  HttpRequest request;
  Answered done;
  SteadyTimer deadline;
  std::string text;  // what goes to the socket
  Timestamp sent_at = kNoTime;
  bool may_have_arrived = false;
  bool is_done = false;
};

struct Connection {
  explicit Connection(IoLoop::Impl& loop) : stream(loop), idle(loop.context) {}

  Stream stream;
  SteadyTimer idle;
  std::shared_ptr<Exchange> current;  // null: idle
  std::unique_ptr<ResponseParser> parser;
  std::string input;  // read and not yet parsed
  std::array<char, kChunkBytes> chunk{};
  bool is_connected = false;
  bool is_reused = false;
  bool is_written = false;  // the present request, wholly
  bool is_closed = false;
};

using ConnectionPtr = std::shared_ptr<Connection>;
using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace

struct HttpClient::State : std::enable_shared_from_this<HttpClient::State> {
  State(IoLoop& l, Url b, HttpClientOptions o) : loop(l.impl()), base(std::move(b)), options(std::move(o)) {}

  void send(HttpRequest request, Answered done);
  void shut_down();

  // Gives waiting requests to idle connections, or to new ones.
  void pump();
  [[nodiscard]] ConnectionPtr take_idle();
  void open(const ExchangePtr& exchange);
  void assign(const ConnectionPtr& connection, const ExchangePtr& exchange);
  void write(const ConnectionPtr& connection);
  void on_written(const ConnectionPtr& connection, const ErrorCode& error, std::size_t count);
  void read(const ConnectionPtr& connection);
  void on_read(const ConnectionPtr& connection, const ErrorCode& error, std::size_t count);
  void parse(const ConnectionPtr& connection);
  void on_answer(const ConnectionPtr& connection);
  void keep(const ConnectionPtr& connection);
  void remove(const ConnectionPtr& connection);
  void fail(const ConnectionPtr& connection, std::string reason);
  void on_deadline(const ExchangePtr& exchange);
  // The callback; what it does may destroy the client, so it comes last.
  void finish(const ExchangePtr& exchange, HttpAnswer answer);

  IoLoop::Impl& loop;
  Url base;
  HttpClientOptions options;
  std::deque<ExchangePtr> queue;
  std::vector<ConnectionPtr> connections;
  bool is_shut_down = false;
};

void HttpClient::State::send(HttpRequest request, Answered done) {
  auto text = request_text(base, request);
  const Duration timeout = request.timeout;
  auto exchange = std::make_shared<Exchange>(std::move(request), std::move(done), loop.context.get_executor());
  std::string refusal;
  if (!text) refusal = text.error();
  if (queue.size() >= options.max_queued) refusal = "too many requests wait already";
  if (!refusal.empty()) {
    asio::post(loop.context, [weak = weak_from_this(), exchange, refusal] {
      const auto self = weak.lock();
      if (self && !self->is_shut_down) self->finish(exchange, failure(HttpFailure{refusal, false, false}));
    });
    return;
  }
  exchange->text = *std::move(text);
  exchange->deadline.expires_at(deadline_after(timeout));
  exchange->deadline.async_wait([weak = weak_from_this(), exchange](ErrorCode error) {
    const auto self = weak.lock();
    if (!error && self && !self->is_shut_down) self->on_deadline(exchange);
  });
  queue.push_back(std::move(exchange));
  pump();
}

void HttpClient::State::shut_down() {
  is_shut_down = true;
  const auto forget = [](const ExchangePtr& exchange) {
    exchange->deadline.cancel();
    exchange->done = nullptr;
  };
  for (const auto& exchange : std::exchange(queue, {})) forget(exchange);
  for (const auto& connection : std::exchange(connections, {})) {
    if (connection->current) forget(connection->current);
    connection->current.reset();
    connection->is_closed = true;
    connection->idle.cancel();
    connection->stream.close();
  }
}

// ---- The pool ----

void HttpClient::State::pump() {
  while (!queue.empty()) {
    const ConnectionPtr idle = take_idle();
    if (!idle && connections.size() >= options.max_connections) return;
    const ExchangePtr exchange = queue.front();
    queue.pop_front();
    if (idle) {
      assign(idle, exchange);
    } else {
      open(exchange);
    }
  }
}

ConnectionPtr HttpClient::State::take_idle() {
  for (;;) {
    const auto it = std::find_if(connections.begin(), connections.end(),
                                 [](const ConnectionPtr& c) { return c->is_connected && !c->current; });
    if (it == connections.end()) return nullptr;
    const ConnectionPtr connection = *it;
    if (connection->stream.is_quiet()) return connection;
    remove(connection);  // closed by the server meanwhile
  }
}

void HttpClient::State::open(const ExchangePtr& exchange) {
  const auto connection = std::make_shared<Connection>(loop);
  connections.push_back(connection);
  connection->current = exchange;
  connection->stream.dial(base, options.ca_file, [self = shared_from_this(), connection](std::string error) {
    if (connection->is_closed) return;
    if (!error.empty()) return self->fail(connection, std::move(error));
    connection->is_connected = true;
    self->assign(connection, connection->current);
    self->read(connection);
  });
}

void HttpClient::State::assign(const ConnectionPtr& connection, const ExchangePtr& exchange) {
  connection->idle.cancel();
  connection->current = exchange;
  connection->is_written = false;
  connection->parser = std::make_unique<ResponseParser>(options.max_body_bytes, exchange->request.method == "HEAD");
  write(connection);
}

void HttpClient::State::keep(const ConnectionPtr& connection) {
  connection->is_reused = true;
  connection->idle.expires_at(deadline_after(options.idle_timeout));
  connection->idle.async_wait([weak = weak_from_this(), connection](ErrorCode error) {
    const auto self = weak.lock();
    if (!error && self && !connection->current && !connection->is_closed) self->remove(connection);
  });
}

void HttpClient::State::remove(const ConnectionPtr& connection) {
  connection->is_closed = true;
  connection->idle.cancel();
  connection->stream.close();
  std::erase(connections, connection);
}

// ---- One exchange ----

void HttpClient::State::write(const ConnectionPtr& connection) {
  const ExchangePtr exchange = connection->current;
  exchange->sent_at = IoLoop::now();
  exchange->may_have_arrived = true;
  connection->stream.write_all(
      exchange->text, IoHandler([self = shared_from_this(), connection, exchange](ErrorCode error, std::size_t count) {
        if (!connection->is_closed && connection->current == exchange) self->on_written(connection, error, count);
      }));
}

void HttpClient::State::on_written(const ConnectionPtr& connection, const ErrorCode& error, std::size_t count) {
  if (!error) {
    connection->is_written = true;
    return;
  }
  const ExchangePtr exchange = connection->current;
  const bool nothing_sent = count == 0 && !connection->stream.is_tls();
  if (!nothing_sent) return fail(connection, "send: " + error.message());
  exchange->may_have_arrived = false;
  if (!connection->is_reused) return fail(connection, "send: " + error.message());
  // A kept-alive connection that was dead already: the request was on no wire, another one takes it.
  connection->current.reset();
  remove(connection);
  queue.push_front(exchange);
  pump();
}

// One read is always under way, also on idle connections: that is how their end is noticed.
void HttpClient::State::read(const ConnectionPtr& connection) {
  connection->stream.read_some(asio::buffer(connection->chunk),
                               IoHandler([self = shared_from_this(), connection](ErrorCode error, std::size_t count) {
                                 if (!connection->is_closed) self->on_read(connection, error, count);
                               }));
}

void HttpClient::State::on_read(const ConnectionPtr& connection, const ErrorCode& error, std::size_t count) {
  if (!connection->current) {
    remove(connection);
    return pump();
  }
  if (!error) {
    connection->input.append(connection->chunk.data(), count);
    return parse(connection);
  }
  const bool is_end = error == asio::error::eof;
  if (is_end && connection->parser->end_of_input() == ParseState::Done) return on_answer(connection);
  fail(connection, is_end ? "the connection ended before the answer" : "receive: " + error.message());
}

void HttpClient::State::parse(const ConnectionPtr& connection) {
  std::string& input = connection->input;
  for (;;) {
    const Parsed parsed = connection->parser->feed(input);
    input.erase(0, parsed.consumed);
    switch (parsed.state) {
      case ParseState::NeedMore: return read(connection);
      case ParseState::HeaderTooLarge: return fail(connection, "the answer's headers are too large");
      case ParseState::BodyTooLarge:
        return fail(connection, "an answer of more than " + std::to_string(options.max_body_bytes) + " bytes");
      case ParseState::Malformed: return fail(connection, "the answer is not HTTP");
      case ParseState::Done: break;
    }
    const bool is_final = connection->parser->status() >= 200 || connection->parser->status() == 101;
    if (is_final) return on_answer(connection);
    // "100 Continue" and its like come before the answer.
    const bool is_head = connection->current->request.method == "HEAD";
    connection->parser = std::make_unique<ResponseParser>(options.max_body_bytes, is_head);
  }
}

void HttpClient::State::on_answer(const ConnectionPtr& connection) {
  const ExchangePtr exchange = std::exchange(connection->current, nullptr);
  HttpResponse response = connection->parser->take();
  response.sent_at = exchange->sent_at;
  response.received_at = connection->stream.read_at();
  const bool is_kept = connection->parser->keeps_alive() && connection->input.empty() && connection->is_written;
  if (is_kept) {
    keep(connection);
    read(connection);
  } else {
    remove(connection);
  }
  pump();
  finish(exchange, std::move(response));
}

void HttpClient::State::fail(const ConnectionPtr& connection, std::string reason) {
  const ExchangePtr exchange = std::exchange(connection->current, nullptr);
  remove(connection);
  pump();
  finish(exchange, failure(HttpFailure{std::move(reason), exchange->may_have_arrived, false}));
}

void HttpClient::State::on_deadline(const ExchangePtr& exchange) {
  if (exchange->is_done) return;
  std::erase(queue, exchange);
  const auto it = std::find_if(connections.begin(), connections.end(),
                               [&](const ConnectionPtr& c) { return c->current == exchange; });
  if (it != connections.end()) {
    const ConnectionPtr connection = *it;
    connection->current.reset();
    remove(connection);  // what is still under way on it belongs to nobody
  }
  pump();
  finish(exchange, failure(HttpFailure{"no answer in time", exchange->may_have_arrived, true}));
}

void HttpClient::State::finish(const ExchangePtr& exchange, HttpAnswer answer) {
  if (std::exchange(exchange->is_done, true)) return;
  exchange->deadline.cancel();
  const Answered done = std::exchange(exchange->done, nullptr);
  const auto self = shared_from_this();
  done(std::move(answer));
}

// ---- The client ----

HttpClient::HttpClient(IoLoop& loop, Url base, HttpClientOptions options)
    : state_(std::make_shared<State>(loop, std::move(base), std::move(options))) {}
HttpClient::~HttpClient() { state_->shut_down(); }

void HttpClient::send(HttpRequest request, std::function<void(HttpAnswer)> done) {
  state_->send(std::move(request), std::move(done));
}

const Url& HttpClient::base() const noexcept { return state_->base; }

}  // namespace arbees::net
