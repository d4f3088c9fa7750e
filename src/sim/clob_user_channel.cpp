#include "sim/clob_user_channel.h"

#include <optional>

#include "sim/clob_bodies.h"

namespace arbees::sim {

class ClobUserChannel::Connection final : public net::ServerSocketHandler {
 public:
  explicit Connection(ClobUserChannel& channel) noexcept : channel_(&channel) {}
  ~Connection() override {
    if (channel_ != nullptr) channel_->connections_.erase(this);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void on_open(std::shared_ptr<net::ServerSocket> socket) override {
    if (channel_ == nullptr) return;
    socket_ = std::make_unique<FaultySocket>(std::move(socket), channel_->context_.loop, channel_->context_.faults);
  }
  void on_text(std::string_view text, Timestamp) override;
  void on_closed() override {
    if (channel_ != nullptr) channel_->connections_.erase(this);
    socket_.reset();
  }

  void tell(const polymarket::Address& address, const std::string& condition_id, std::string_view text) {
    if (socket_ == nullptr || address_ != address) return;
    if (markets_.empty() || markets_.contains(condition_id)) socket_->send(text);
  }
  void abandon() noexcept { channel_ = nullptr; }

 private:
  void refuse() {
    if (socket_ != nullptr) socket_->close(1008, "unauthorized");
  }

  ClobUserChannel* channel_;
  std::unique_ptr<FaultySocket> socket_;
  std::optional<polymarket::Address> address_;
  std::set<std::string, std::less<>> markets_;
};

void ClobUserChannel::Connection::on_text(std::string_view text, Timestamp) {
  if (channel_ == nullptr || socket_ == nullptr) return;
  if (text == "PING") return socket_->send_reliable("PONG");
  const auto request = parse_channel_request(text);
  if (!request) return refuse();
  if (!address_) {
    const ClobCredentials* credentials =
        channel_->authority_.check_frame(request->api_key, request->secret, request->passphrase);
    if (credentials == nullptr) return refuse();
    address_ = credentials->address;
  }
  if (request->operation == "unsubscribe") {
    for (const std::string& market : request->markets) markets_.erase(market);
    return;
  }
  markets_.insert(request->markets.begin(), request->markets.end());
}

ClobUserChannel::~ClobUserChannel() {
  for (Connection* connection : connections_) connection->abandon();
}

std::unique_ptr<net::ServerSocketHandler> ClobUserChannel::accept() {
  auto connection = std::make_unique<Connection>(*this);
  connections_.insert(connection.get());
  return connection;
}

void ClobUserChannel::tell(const polymarket::Address& address, const std::string& condition_id, std::string_view text) {
  for (Connection* connection : connections_) connection->tell(address, condition_id, text);
}

}  // namespace arbees::sim
