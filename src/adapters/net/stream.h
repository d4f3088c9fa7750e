#pragma once
// One TCP connection, plain or TLS: what Beast and the HTTP code read from and write to.
//
// Handlers are type-erased here, so that the socket and TLS operations are compiled once, in stream.cpp, and not
// again for each of Beast's. At most one read and one write at a time. The owner of a Stream lives as long as any
// operation of it (handlers hold the owner). Every socket has TCP_NODELAY. For this folder's .cpp files only.

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/role.hpp>
#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "adapters/net/io_loop_impl.h"
#include "adapters/net/url.h"

namespace arbees::net {

using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

// A move-only void(ErrorCode, size_t), called once.
class IoHandler {
 public:
  template <class Handler>
    requires(!std::same_as<std::decay_t<Handler>, IoHandler>)
  explicit IoHandler(Handler&& handler)
      : held_(std::make_unique<Held<std::decay_t<Handler>>>(std::forward<Handler>(handler))) {}

  void operator()(ErrorCode error, std::size_t count) {
    Base& held = *held_;
    held.call(std::move(held_), error, count);
  }

 private:
  struct Base {
    Base() = default;
    Base(const Base&) = delete;
    Base& operator=(const Base&) = delete;
    virtual ~Base() = default;
    virtual void call(std::unique_ptr<Base> self, ErrorCode error, std::size_t count) = 0;
  };
  template <class Handler>
  struct Held final : Base {
    explicit Held(Handler&& h) : handler(std::move(h)) {}
    explicit Held(const Handler& h) : handler(h) {}
    // Its memory goes first, so that the handler's next operation finds it free.
    void call(std::unique_ptr<Base> self, ErrorCode error, std::size_t count) override {
      Handler taken(std::move(handler));
      self.reset();
      taken(error, count);
    }
    Handler handler;
  };

  std::unique_ptr<Base> held_;
};

class Stream {
 public:
  using executor_type = Executor;

  explicit Stream(IoLoop::Impl& loop);
  Stream(IoLoop::Impl& loop, Socket accepted);
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) = delete;
  ~Stream();

  [[nodiscard]] executor_type get_executor() noexcept;

  // `done` gets what went wrong: "" or "connect: connection refused".
  using Done = std::function<void(std::string error)>;
  // Finds the host, connects, and with TLS checks who answers.
  void dial(const Url& url, const std::string& ca_file, Done done);
  // TLS as the server of an accepted connection.
  void accept_tls(TlsContext context, Done done);

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    read_some(first_of<asio::mutable_buffer>(buffers), IoHandler(std::forward<Handler>(handler)));
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    const auto begin = asio::buffer_sequence_begin(buffers);
    const auto end = asio::buffer_sequence_end(buffers);
    const bool is_one = begin != end && std::next(begin) == end;
    write_some(is_one ? asio::const_buffer(*begin) : gathered(buffers), IoHandler(std::forward<Handler>(handler)));
  }

  void read_some(asio::mutable_buffer buffer, IoHandler handler);
  void write_some(asio::const_buffer buffer, IoHandler handler);
  void write_all(std::string_view bytes, IoHandler handler);  // `bytes` live until then

  // Says that we send nothing more, and waits (at most a second) until the other side has closed as well: what it
  // still sends would otherwise make our last words vanish in a reset.
  void linger(std::function<void()> done);
  // At once; what is under way ends with operation_aborted.
  void close() noexcept;

  // Nothing has come and the other side has not closed: a kept-alive connection that may be used again.
  [[nodiscard]] bool is_quiet() noexcept;
  [[nodiscard]] bool is_tls() const noexcept;
  // When the latest read ended.
  [[nodiscard]] Timestamp read_at() const noexcept;
  [[nodiscard]] SteadyClock::time_point read_steady() const noexcept;

 private:
  struct Core;

  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    const auto end = asio::buffer_sequence_end(buffers);
    for (auto it = asio::buffer_sequence_begin(buffers); it != end; ++it) {
      const Buffer buffer(*it);
      if (buffer.size() > 0) return buffer;
    }
    return {};
  }
  // Header and payload in one piece, as far as they fit: one system call and one TLS record.
  template <class Buffers>
  asio::const_buffer gathered(const Buffers& buffers) {
    const asio::mutable_buffer space = scratch();
    return {space.data(), asio::buffer_copy(space, buffers)};
  }
  [[nodiscard]] asio::mutable_buffer scratch();

  std::unique_ptr<Core> core_;
};

// How Beast ends a WebSocket's connection. The server lingers; a client has heard all it wants.
void teardown(boost::beast::role_type role, Stream& stream, ErrorCode& error);
void beast_close_socket(Stream& stream);
void end_connection(boost::beast::role_type role, Stream& stream, IoHandler handler);
template <class Handler>
void async_teardown(boost::beast::role_type role, Stream& stream, Handler&& handler) {
  end_connection(role, stream,
                 IoHandler([taken = std::decay_t<Handler>(std::forward<Handler>(handler))](
                               ErrorCode error, std::size_t) mutable { taken(error); }));
}

}  // namespace arbees::net
