#include "adapters/net/websocket_channel.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

#include "adapters/net/http_text.h"

namespace arbees::net {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

constexpr Duration kCloseTimeout = std::chrono::seconds(1);
constexpr std::size_t kWriteBufferBytes = std::size_t{16} * 1024;
constexpr std::size_t kMaxReasonBytes = 123;  // of a control frame's 125
constexpr std::size_t kMaxPingBytes = 125;

constexpr bool kWithDeflate = false;
using WebSocket = websocket::stream<Stream, kWithDeflate>;

class Channel final : public WebSocketChannel, public std::enable_shared_from_this<Channel> {
 public:
  Channel(Stream stream, WebSocketHandler& handler, WebSocketOptions options)
      : socket_(std::move(stream)),
        handler_(&handler),
        options_(std::move(options)),
        deadline_(socket_.get_executor()),
        idle_timer_(socket_.get_executor()),
        ping_timer_(socket_.get_executor()) {
    socket_.read_message_max(options_.max_frame_bytes);
    socket_.write_buffer_bytes(kWriteBufferBytes);
    socket_.auto_fragment(false);
    socket_.text(true);
    socket_.control_callback(
        [this](websocket::frame_type kind, beast::string_view payload) { on_control(kind, payload); });
  }

  void connect(const Url& url) override;
  void accept(const ServerRequest& request, const std::string& subprotocol) override;
  void send(std::string message) override;
  void ping(std::string_view payload) override;
  void close(int code, std::string_view reason) override;
  void drop() override { end_soon("dropped by us"); }
  void abandon() noexcept override;
  [[nodiscard]] bool is_open() const noexcept override { return is_open_ && !is_closing_ && !is_finished_; }

 private:
  void upgrade(const Url& url);
  void on_handshake(const ErrorCode& error);
  void set_deadline(Duration delay, std::string_view reason);
  void watch_idle();
  void schedule_ping();
  void read();
  void on_read(const ErrorCode& error);
  void on_control(websocket::frame_type kind, beast::string_view payload);
  void write_next();
  void on_written(const ErrorCode& error);
  void start_close();
  void end_soon(std::string reason);
  void finish(std::string reason, int http_status = 0);
  [[nodiscard]] std::string why_reading_ended(const ErrorCode& error);

  Stream& stream() { return socket_.next_layer(); }

  WebSocket socket_;
  WebSocketHandler* handler_;  // null: abandoned or finished
  WebSocketOptions options_;
  SteadyTimer deadline_;  // of connecting, later of closing
  SteadyTimer idle_timer_;
  SteadyTimer ping_timer_;
  websocket::response_type answer_;  // to our upgrade
  beast::flat_buffer buffer_;        // one message; grows to the longest and is reused
  std::deque<std::string> queue_;    // the first is being written
  std::size_t queued_bytes_ = 0;
  websocket::close_reason close_reason_;  // ours, once we close
  std::string end_reason_;                // set where we cut the connection: the errors that follow say less
  bool is_open_ = false;
  bool is_writing_ = false;
  bool is_pinging_ = false;
  bool is_closing_ = false;
  bool is_finished_ = false;
};

// ---- Beginning ----

void Channel::connect(const Url& url) {
  set_deadline(options_.connect_timeout, "connect: timed out");
  stream().dial(url, options_.ca_file, [self = shared_from_this(), url](std::string error) {
    if (self->is_finished_) return;
    if (!error.empty()) return self->finish(std::move(error));
    self->upgrade(url);
  });
}

void Channel::upgrade(const Url& url) {
  for (const auto& [name, value] : options_.headers) {
    if (!is_header(name, value)) return finish("upgrade: a header that cannot be sent: " + printable(name));
  }
  socket_.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
    request.set(http::field::user_agent, user_agent());
    for (const auto& [name, value] : options_.headers) request.set(name, value);
  }));
  socket_.async_handshake(answer_, url.authority(), url.target,
                          [self = shared_from_this()](ErrorCode error) { self->on_handshake(error); });
}

void Channel::accept(const ServerRequest& request, const std::string& subprotocol) {
  set_deadline(options_.connect_timeout, "upgrade: timed out");
  http::request<http::empty_body> upgrade;
  upgrade.method_string(request.method);
  upgrade.target(request.target);
  for (const auto& [name, value] : request.headers) upgrade.insert(name, value);
  socket_.set_option(websocket::stream_base::decorator([subprotocol](websocket::response_type& response) {
    response.set(http::field::server, user_agent());
    if (!subprotocol.empty()) response.set(http::field::sec_websocket_protocol, subprotocol);
  }));
  socket_.async_accept(upgrade, [self = shared_from_this()](ErrorCode error) { self->on_handshake(error); });
}

void Channel::on_handshake(const ErrorCode& error) {
  if (is_finished_) return;
  if (error == websocket::error::upgrade_declined) {
    const int status = static_cast<int>(answer_.result_int());
    return finish("the server refused the upgrade: " + std::to_string(status), status);
  }
  if (error) return finish("upgrade: " + error.message());
  deadline_.cancel();
  is_open_ = true;
  if (options_.idle_timeout > Duration::zero()) watch_idle();
  if (options_.ping_interval > Duration::zero()) schedule_ping();
  const auto self = shared_from_this();
  handler_->on_open();
  if (!is_finished_) read();
}

// ---- Time ----

void Channel::set_deadline(Duration delay, std::string_view reason) {
  deadline_.expires_at(deadline_after(delay));
  deadline_.async_wait([weak = weak_from_this(), reason](ErrorCode error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->finish(self->is_open_ ? self->why_reading_ended(websocket::error::closed) : std::string(reason));
  });
}

void Channel::watch_idle() {
  idle_timer_.expires_at(stream().read_steady() + options_.idle_timeout);
  idle_timer_.async_wait([weak = weak_from_this()](ErrorCode error) {
    const auto self = weak.lock();
    if (error || !self || self->is_finished_) return;
    const auto silence = SteadyClock::now() - self->stream().read_steady();
    if (silence < self->options_.idle_timeout) return self->watch_idle();
    self->finish("nothing was received within the idle timeout");
  });
}

void Channel::schedule_ping() {
  ping_timer_.expires_at(deadline_after(options_.ping_interval));
  ping_timer_.async_wait([weak = weak_from_this()](ErrorCode error) {
    const auto self = weak.lock();
    if (error || !self || self->is_finished_) return;
    self->ping({});
    self->schedule_ping();
  });
}

// ---- Receiving ----

void Channel::read() {
  socket_.async_read(buffer_, [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_read(error); });
}

void Channel::on_read(const ErrorCode& error) {
  if (is_finished_) return;
  if (error) return finish(why_reading_ended(error));
  const Timestamp received_at = stream().read_at();
  buffer_.prepare(kReadPadding);  // the bytes behind the frame; may move it, so before its place is taken
  const auto data = buffer_.cdata();
  handler_->on_frame({static_cast<const char*>(data.data()), data.size()}, received_at);
  if (is_finished_) return;
  buffer_.consume(buffer_.size());
  read();
}

void Channel::on_control(websocket::frame_type kind, beast::string_view payload) {
  if (is_finished_) return;
  if (kind == websocket::frame_type::ping) handler_->on_ping({payload.data(), payload.size()});
  // Who says goodbye and keeps the connection may not keep us waiting for its end.
  if (kind == websocket::frame_type::close && !is_closing_) {
    is_closing_ = true;
    set_deadline(kCloseTimeout, "closed by the other side");
  }
}

std::string Channel::why_reading_ended(const ErrorCode& error) {
  const websocket::close_reason& said = socket_.reason();
  if (error == websocket::error::closed) {
    if (close_reason_.code != websocket::close_code::none) return "closed by us";
    std::string reason = "closed by the other side";
    if (said.code != websocket::close_code::none) reason += ": " + std::to_string(said.code);
    if (!said.reason.empty()) reason += " " + printable({said.reason.data(), said.reason.size()});
    return reason;
  }
  if (error == websocket::error::message_too_big) {
    return "a message of more than " + std::to_string(options_.max_frame_bytes) + " bytes";
  }
  if (error == asio::error::eof) return "the connection ended without a close";
  return "receive: " + error.message();
}

// ---- Sending ----

void Channel::send(std::string message) {
  if (!is_open()) return;
  queued_bytes_ += message.size();
  if (queued_bytes_ > options_.max_queued_bytes) {
    return end_soon("more than " + std::to_string(options_.max_queued_bytes) + " bytes wait to be sent");
  }
  queue_.push_back(std::move(message));
  if (!is_writing_) write_next();
}

void Channel::write_next() {
  is_writing_ = true;
  socket_.async_write(asio::buffer(queue_.front()),
                      [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_written(error); });
}

void Channel::on_written(const ErrorCode& error) {
  is_writing_ = false;
  if (is_finished_) return;
  if (error == asio::error::operation_aborted) return;  // closing: the end is told by the read
  if (error) return finish("send: " + error.message());
  queued_bytes_ -= queue_.front().size();
  queue_.pop_front();
  if (!queue_.empty()) return write_next();
  if (close_reason_.code != websocket::close_code::none) start_close();
}

void Channel::ping(std::string_view payload) {
  if (!is_open() || is_pinging_) return;
  is_pinging_ = true;
  const std::string_view cut = payload.substr(0, kMaxPingBytes);
  socket_.async_ping(websocket::ping_data(cut.data(), cut.size()),
                     [self = shared_from_this()](ErrorCode) { self->is_pinging_ = false; });
}

// ---- End ----

void Channel::close(int code, std::string_view reason) {
  if (is_finished_ || is_closing_) return;
  if (!is_open_) return end_soon("closed by us");
  is_closing_ = true;
  close_reason_.code = static_cast<std::uint16_t>(code);
  close_reason_.reason.assign(reason.data(), std::min(reason.size(), kMaxReasonBytes));
  set_deadline(kCloseTimeout, "closed by us");
  if (!is_writing_) start_close();
}

void Channel::start_close() {
  // The read that is under way ends as well, and tells the end.
  socket_.async_close(close_reason_, [self = shared_from_this()](ErrorCode error) {
    if (!self->is_finished_) self->finish(error ? "closed by us, without an answer" : "closed by us");
  });
}

// The end is told from the loop, not from inside the call that caused it.
void Channel::end_soon(std::string reason) {
  if (is_finished_ || !end_reason_.empty()) return;
  is_closing_ = true;
  end_reason_ = std::move(reason);
  stream().close();
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->finish({}); });
}

void Channel::abandon() noexcept {
  is_finished_ = true;
  handler_ = nullptr;
  deadline_.cancel();
  idle_timer_.cancel();
  ping_timer_.cancel();
  stream().close();
}

void Channel::finish(std::string reason, int http_status) {
  if (is_finished_) return;
  WebSocketHandler* const handler = handler_;
  abandon();
  if (!end_reason_.empty()) reason = end_reason_;
  const WebSocketClosed closed{std::move(reason), http_status, static_cast<int>(socket_.reason().code), is_open_};
  handler->on_closed(closed);
}

}  // namespace

std::shared_ptr<WebSocketChannel> WebSocketChannel::make(Stream stream, WebSocketHandler& handler,
                                                         WebSocketOptions options) {
  return std::make_shared<Channel>(std::move(stream), handler, std::move(options));
}

}  // namespace arbees::net
