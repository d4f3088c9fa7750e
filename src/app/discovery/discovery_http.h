#pragma once
// Discovery's questions over HTTP: one client for each server that is configured.

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/net/http_client.h"
#include "app/discovery/discovery_ports.h"

namespace arbees::app {

class HttpCatalogues final : public CatalogueTransport {
 public:
  // Headers that sign a request: of the method and the path from the root, without query. May be empty.
  using Sign = std::function<std::vector<net::Header>(const std::string& method, const std::string& path)>;

  // `address` is what targets are put behind: "https://external-api.kalshi.com/trade-api/v2".
  void add(net::IoLoop& loop, Catalogue catalogue, const net::Url& address, const net::HttpClientOptions& options,
           Sign sign = {});
  void get(Catalogue catalogue, const std::string& target, std::function<void(FetchAnswer)> done) override;

 private:
  struct Server {
    std::unique_ptr<net::HttpClient> client;
    net::Url address;
    Sign sign;
  };
  std::array<Server, kCatalogueCount> servers_;
};

}  // namespace arbees::app
