#pragma once
// For tests of feeds over real sockets: a server on this machine that says what the test tells it to.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/net/http_server.h"
#include "adapters/net/io_loop.h"
#include "core/base/time.h"

namespace arbees::scripted {

class LoopbackVenue final : public net::ServerHandler {
 public:
  // One WebSocket as the server sees it.
  struct Client {
    std::shared_ptr<net::ServerSocket> socket;
    net::ServerRequest upgrade;
    std::vector<std::string> received;

    [[nodiscard]] bool has_received(std::string_view part) const {
      for (const std::string& text : received) {
        if (text.find(part) != std::string::npos) return true;
      }
      return false;
    }
  };

  explicit LoopbackVenue(net::IoLoop& loop) : loop_(loop) {
    auto listening = net::HttpServer::listen(loop, *this, {});
    if (listening) server_ = std::move(*listening);
  }

  [[nodiscard]] net::Url url(std::string scheme, std::string target) const {
    return net::Url{std::move(scheme), "127.0.0.1", server_->port(), std::move(target)};
  }

  // Asked for every upgrade: a status other than 101 refuses it.
  std::function<int(const net::ServerRequest&)> on_connect;
  // Asked for every text received; answers with socket->send().
  std::function<void(Client&, std::string_view)> on_text;
  // Answers of GETs, by target with its query; 404 for the rest.
  std::map<std::string, net::ServerResponse> answers;
  std::size_t requests = 0;
  std::vector<std::shared_ptr<Client>> clients;

  // Serves the loop, with `each` after every round, until `done` (true) or for ten seconds at most (false).
  bool serve_until(const std::function<bool()>& done, const std::function<void()>& each) {
    const Timestamp end = net::IoLoop::now() + std::chrono::seconds(10);
    while (!done()) {
      if (net::IoLoop::now() > end) return false;
      loop_.run_for(std::chrono::milliseconds(5));
      each();
    }
    return true;
  }

  void on_request(net::ServerRequest request, net::Responder responder) override {
    ++requests;
    const auto found = answers.find(request.target);
    responder.send(found == answers.end() ? net::ServerResponse{404, "application/json", "{}", {}} : found->second);
  }

  Upgrade on_upgrade(const net::ServerRequest& request) override {
    const int status = on_connect ? on_connect(request) : 101;
    Upgrade upgrade;
    if (status != 101) {
      upgrade.refusal.status = status;
      return upgrade;
    }
    auto client = std::make_shared<Client>();
    client->upgrade = request;
    clients.push_back(client);
    upgrade.handler = std::make_unique<Handler>(*this, std::move(client));
    return upgrade;
  }

 private:
  class Handler final : public net::ServerSocketHandler {
   public:
    Handler(LoopbackVenue& venue, std::shared_ptr<Client> client) : venue_(venue), client_(std::move(client)) {}
    void on_open(std::shared_ptr<net::ServerSocket> socket) override { client_->socket = std::move(socket); }
    void on_text(std::string_view text, Timestamp) override {
      client_->received.emplace_back(text);
      if (venue_.on_text) venue_.on_text(*client_, text);
    }
    void on_closed() override { client_->socket.reset(); }

   private:
    LoopbackVenue& venue_;
    std::shared_ptr<Client> client_;
  };

  net::IoLoop& loop_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace arbees::scripted
