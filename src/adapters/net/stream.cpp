#include "adapters/net/stream.h"

#include <sys/socket.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <cerrno>
#include <optional>
#include <vector>

#include "adapters/net/tls.h"

namespace arbees::net {
namespace {

using Tcp = asio::ip::tcp;
using Endpoints = std::vector<Tcp::endpoint>;

constexpr std::size_t kScratchBytes = std::size_t{64} * 1024;
constexpr Duration kLinger = std::chrono::seconds(1);

// "connect: connection refused"
std::string failed(std::string_view phase, const ErrorCode& error) {
  std::string message = error.message();
  const bool is_word = message.size() > 1 && std::islower(static_cast<unsigned char>(message[1])) != 0;
  if (is_word) message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  return std::string(phase) + ": " + message;
}

// Addresses that need no resolver; "localhost" stays on this machine whatever the resolver says.
Endpoints known_endpoints(const Url& url) {
  if (url.host == "localhost") {
    return {{asio::ip::address_v4::loopback(), url.port}, {asio::ip::address_v6::loopback(), url.port}};
  }
  ErrorCode error;
  const auto address = asio::ip::make_address(url.host, error);
  return error ? Endpoints() : Endpoints{{address, url.port}};
}

bool is_address(const std::string& host) {
  ErrorCode error;
  asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

struct Stream::Core {
  explicit Core(IoLoop::Impl& l) : loop(l), socket(l.context), resolver(l.context), timer(l.context) {}
  Core(IoLoop::Impl& l, Socket accepted)
      : loop(l), socket(std::move(accepted)), resolver(l.context), timer(l.context) {}

  IoLoop::Impl& loop;
  Socket socket;
  asio::ip::basic_resolver<Tcp, Executor> resolver;
  SteadyTimer timer;  // of linger()
  TlsContext context;
  std::optional<asio::ssl::stream<Socket&>> tls;
  std::vector<char> scratch;
  std::string host;
  Timestamp read_at = kNoTime;
  SteadyClock::time_point read_steady = SteadyClock::now();
  bool is_closed = false;

  void set_no_delay() {
    ErrorCode ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
  }

  void connect(Endpoints endpoints, Done done) {
    asio::async_connect(socket, endpoints, [this, done = std::move(done)](ErrorCode error, const Tcp::endpoint&) {
      if (error) return done(failed("connect", error));
      set_no_delay();
      read_steady = SteadyClock::now();
      if (!context) return done("");
      start_client_tls(done);
    });
  }

  void start_client_tls(const Done& done) {
    tls.emplace(socket, *context);
    SSL* const ssl = tls->native_handle();
    bool is_set = false;
    if (is_address(host)) {
      is_set = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
    } else {
      is_set = SSL_set1_host(ssl, host.c_str()) == 1 &&
               SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) == 1;
    }
    if (!is_set) return done("tls: the host's name cannot be checked");
    tls->async_handshake(asio::ssl::stream_base::client, [this, done](ErrorCode error) {
      if (!error) return done("");
      const long verdict = SSL_get_verify_result(tls->native_handle());
      if (verdict == X509_V_OK) return done(failed("tls", error));
      done(std::string("tls: the certificate is refused: ") + X509_verify_cert_error_string(verdict));
    });
  }

  // Reads what still comes and forgets it; below TLS, which is over.
  void drain(std::function<void()> done) {
    socket.async_read_some(scratch_buffer(), [this, done = std::move(done)](ErrorCode error, std::size_t) mutable {
      if (!error) return drain(std::move(done));
      timer.cancel();
      done();
    });
  }

  asio::mutable_buffer scratch_buffer() {
    scratch.resize(kScratchBytes);
    return asio::buffer(scratch);
  }

  void close() noexcept {
    is_closed = true;
    ErrorCode ignored;
    timer.cancel();
    resolver.cancel();
    socket.close(ignored);
  }
};

Stream::Stream(IoLoop::Impl& loop) : core_(std::make_unique<Core>(loop)) {}
Stream::Stream(IoLoop::Impl& loop, Socket accepted) : core_(std::make_unique<Core>(loop, std::move(accepted))) {
  core_->set_no_delay();
}
Stream::Stream(Stream&&) noexcept = default;
Stream::~Stream() = default;

Executor Stream::get_executor() noexcept { return core_->loop.context.get_executor(); }

void Stream::dial(const Url& url, const std::string& ca_file, Done done) {
  Core& core = *core_;
  const auto fail_later = [&](std::string reason) {
    asio::post(core.loop.context, [done, reason = std::move(reason)] { done(reason); });
  };
  if (!url.is_tls() && !url.is_loopback()) return fail_later("connect: without TLS only to this machine");
  core.host = url.host;
  if (url.is_tls()) {
    auto context = client_tls(core.loop, ca_file);
    if (!context) return fail_later(std::move(context.error()));
    core.context = *std::move(context);
  }
  if (Endpoints endpoints = known_endpoints(url); !endpoints.empty()) {
    return core.connect(std::move(endpoints), std::move(done));
  }
  core.resolver.async_resolve(
      url.host, std::to_string(url.port),
      [&core, done = std::move(done)](ErrorCode error, const asio::ip::basic_resolver_results<Tcp>& results) {
        if (error) return done(failed("name", error));
        if (core.is_closed) return done("closed");  // while the resolver, which cannot be stopped, was at work
        // IPv4 first: where IPv6 leads nowhere, trying it would cost the whole timeout.
        Endpoints endpoints;
        for (const bool wants_v4 : {true, false}) {
          for (const auto& result : results) {
            if (result.endpoint().address().is_v4() == wants_v4) endpoints.push_back(result.endpoint());
          }
        }
        core.connect(std::move(endpoints), done);
      });
}

void Stream::accept_tls(TlsContext context, Done done) {
  Core& core = *core_;
  core.context = std::move(context);
  core.tls.emplace(core.socket, *core.context);
  core.tls->async_handshake(asio::ssl::stream_base::server, [done = std::move(done)](ErrorCode error) {
    done(error ? failed("tls", error) : std::string());
  });
}

void Stream::read_some(asio::mutable_buffer buffer, IoHandler handler) {
  Core& core = *core_;
  auto finish = [&core, handler = std::move(handler)](ErrorCode error, std::size_t count) mutable {
    core.read_at = IoLoop::now();
    if (!error) core.read_steady = SteadyClock::now();
    // A TLS connection that ends without its goodbye: whoever needs a length to trust has it in HTTP or WebSocket.
    handler(error == asio::ssl::error::stream_truncated ? ErrorCode(asio::error::connection_reset) : error, count);
  };
  if (core.tls) {
    core.tls->async_read_some(buffer, std::move(finish));
  } else {
    core.socket.async_read_some(buffer, std::move(finish));
  }
}

void Stream::write_some(asio::const_buffer buffer, IoHandler handler) {
  if (core_->tls) {
    core_->tls->async_write_some(buffer, std::move(handler));
  } else {
    core_->socket.async_write_some(buffer, std::move(handler));
  }
}

void Stream::write_all(std::string_view bytes, IoHandler handler) {
  asio::async_write(*this, asio::buffer(bytes), std::move(handler));
}

void Stream::linger(std::function<void()> done) {
  Core& core = *core_;
  ErrorCode ignored;
  core.socket.shutdown(Socket::shutdown_send, ignored);
  core.timer.expires_at(deadline_after(kLinger));
  core.timer.async_wait([&core, done](ErrorCode error) {
    if (!error) core.close();
  });
  core.drain(std::move(done));
}

void Stream::close() noexcept { core_->close(); }

bool Stream::is_quiet() noexcept {
  char byte = 0;
  const auto count = ::recv(core_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && errno == EAGAIN;
}

bool Stream::is_tls() const noexcept { return core_->context != nullptr; }
Timestamp Stream::read_at() const noexcept { return core_->read_at; }
SteadyClock::time_point Stream::read_steady() const noexcept { return core_->read_steady; }
asio::mutable_buffer Stream::scratch() { return core_->scratch_buffer(); }

void teardown(boost::beast::role_type, Stream& stream, ErrorCode& error) {
  stream.close();
  error = {};
}

void beast_close_socket(Stream& stream) { stream.close(); }

void end_connection(boost::beast::role_type role, Stream& stream, IoHandler handler) {
  auto ended = std::make_shared<IoHandler>(std::move(handler));
  if (role == boost::beast::role_type::server) return stream.linger([ended] { (*ended)({}, 0); });
  stream.close();
  asio::post(stream.get_executor(), [ended] { (*ended)({}, 0); });
}

}  // namespace arbees::net
