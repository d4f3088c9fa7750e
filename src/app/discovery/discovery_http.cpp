#include "app/discovery/discovery_http.h"

#include "core/base/assert.h"

namespace arbees::app {

void HttpCatalogues::add(net::IoLoop& loop, Catalogue catalogue, const net::Url& address,
                         const net::HttpClientOptions& options, Sign sign) {
  Server& server = servers_[static_cast<std::size_t>(catalogue)];
  server.client = std::make_unique<net::HttpClient>(loop, address, options);
  server.address = address;
  server.sign = std::move(sign);
}

void HttpCatalogues::get(Catalogue catalogue, const std::string& target, std::function<void(FetchAnswer)> done) {
  const Server& server = servers_[static_cast<std::size_t>(catalogue)];
  ARBEES_ASSERT(server.client != nullptr);
  net::HttpRequest request;
  request.target = net::join(server.address, target).target;
  if (server.sign) request.headers = server.sign("GET", request.target.substr(0, request.target.find('?')));
  server.client->send(std::move(request), [done = std::move(done)](net::HttpAnswer answer) {
    done(answer ? FetchAnswer{answer->status, std::move(answer->body)} : FetchAnswer{0, answer.error().reason});
  });
}

}  // namespace arbees::app
