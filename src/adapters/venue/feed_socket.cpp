#include "adapters/venue/feed_socket.h"

#include <utility>

namespace arbees {
namespace {

class NetSocket final : public FeedSocket {
 public:
  NetSocket(net::IoLoop& loop, net::WebSocketHandler& handler, std::string ca_file)
      : client_(loop, handler), ca_file_(std::move(ca_file)) {}

  void connect(const net::Url& url, net::WebSocketOptions options) override {
    options.ca_file = ca_file_;
    client_.connect(url, std::move(options));
  }
  void send(std::string text) override { client_.send(std::move(text)); }
  void close() override { client_.close(); }

 private:
  net::WebSocketClient client_;
  std::string ca_file_;
};

}  // namespace

NetSocketMaker::NetSocketMaker(net::IoLoop& loop, std::string ca_file) : loop_(loop), ca_file_(std::move(ca_file)) {}

std::unique_ptr<FeedSocket> NetSocketMaker::make(net::WebSocketHandler& handler) {
  return std::make_unique<NetSocket>(loop_, handler, ca_file_);
}

}  // namespace arbees
