#include "app/benching/load_venue.h"

#include <algorithm>

namespace arbees::app {

class LoadVenue::Handler final : public net::ServerSocketHandler {
 public:
  explicit Handler(LoadVenue& venue) noexcept : venue_(&venue) {}
  ~Handler() override { leave(); }
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;

  void on_open(std::shared_ptr<net::ServerSocket> socket) override {
    if (venue_ == nullptr) return;
    client_.socket = std::move(socket);
    venue_->clients_.push_back(&client_);
  }
  void on_text(std::string_view text, Timestamp received_at) override {
    if (venue_ != nullptr) venue_->on_command(client_, text, received_at);
  }
  void on_closed() override { leave(); }

  void abandon() noexcept { venue_ = nullptr; }

 private:
  void leave() noexcept {
    if (venue_ == nullptr) return;
    std::erase(venue_->clients_, &client_);
    std::erase(venue_->handlers_, this);
    venue_ = nullptr;
  }

  LoadVenue* venue_;
  Client client_;
};

LoadVenue::~LoadVenue() {
  for (Handler* handler : handlers_) handler->abandon();
}

net::ServerHandler::Upgrade LoadVenue::on_upgrade(const net::ServerRequest&) {
  auto handler = std::make_unique<Handler>(*this);
  handlers_.push_back(handler.get());
  Upgrade upgrade;
  upgrade.handler = std::move(handler);
  return upgrade;
}

}  // namespace arbees::app
