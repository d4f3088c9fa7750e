#include "adapters/net/websocket_client.h"

#include "adapters/net/websocket_channel.h"
#include "core/base/assert.h"

namespace arbees::net {

namespace {
constexpr int kNormalClosure = 1000;
}

// Stands between channel and user, so that the user may connect again or destroy the client from on_closed.
struct WebSocketClient::State : WebSocketHandler {
  State(IoLoop& l, WebSocketHandler& h) : loop(l), handler(h) {}

  void on_open() override { handler.on_open(); }
  void on_frame(std::string_view frame, Timestamp received_at) override { handler.on_frame(frame, received_at); }
  void on_ping(std::string_view payload) override { handler.on_ping(payload); }
  void on_closed(const WebSocketClosed& closed) override {
    channel.reset();
    handler.on_closed(closed);
  }

  IoLoop& loop;
  WebSocketHandler& handler;
  std::shared_ptr<WebSocketChannel> channel;  // null: neither connected nor connecting
};

WebSocketClient::WebSocketClient(IoLoop& loop, WebSocketHandler& handler)
    : state_(std::make_shared<State>(loop, handler)) {}

WebSocketClient::~WebSocketClient() {
  if (state_->channel) state_->channel->abandon();
}

void WebSocketClient::connect(const Url& url, WebSocketOptions options) {
  ARBEES_ASSERT(state_->channel == nullptr);
  IoLoop::Impl& loop = state_->loop.impl();
  state_->channel = WebSocketChannel::make(Stream(loop), *state_, std::move(options));
  state_->channel->connect(url);
}

void WebSocketClient::send(std::string text) {
  if (state_->channel) state_->channel->send(std::move(text));
}

void WebSocketClient::close() {
  if (state_->channel) state_->channel->close(kNormalClosure, {});
}

bool WebSocketClient::is_open() const noexcept { return state_->channel && state_->channel->is_open(); }

}  // namespace arbees::net
