#include "adapters/dashboard/metrics_server.h"

#include <fmt/format.h>

namespace arbees {
namespace {

using net::ServerResponse;

constexpr const char* kPlain = "text/plain; charset=utf-8";

ServerResponse plain(int status, const char* text) { return {status, kPlain, text, {}}; }

}  // namespace

Result<std::unique_ptr<MetricsServer>, std::string> MetricsServer::open(net::IoLoop& loop, const std::string& address,
                                                                        std::uint16_t port, Source source) {
  std::unique_ptr<MetricsServer> metrics(new MetricsServer(address, std::move(source)));
  net::HttpServerOptions options;
  options.address = address;
  options.port = port;
  options.max_connections = 16;
  auto server = net::HttpServer::listen(loop, *metrics, options);
  if (!server) return failure(server.error());
  metrics->server_ = std::move(*server);
  return metrics;
}

MetricsServer::MetricsServer(std::string address, Source source)
    : address_(std::move(address)), source_(std::move(source)) {}
MetricsServer::~MetricsServer() = default;

std::string MetricsServer::url() const { return fmt::format("http://{}:{}/metrics", address_, server_->port()); }

void MetricsServer::on_request(net::ServerRequest request, net::Responder responder) {
  ServerResponse response = answer(request);
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  responder.send(std::move(response));
}

ServerResponse MetricsServer::answer(const net::ServerRequest& request) const {
  if (!is_own_host(request)) return plain(403, "this server answers for 127.0.0.1 and localhost only\n");
  if (request.method != "GET" && request.method != "HEAD") return plain(405, "use GET\n");
  if (request.path == "/metrics") return {200, kMetricsType, source_(), {}};
  if (request.path == "/healthz") return plain(200, "ok\n");
  return plain(404, "there are /metrics and /healthz\n");
}

bool MetricsServer::is_own_host(const net::ServerRequest& request) const {
  if (!address_.starts_with("127.") && address_ != "::1") return true;
  const std::string_view host = request.header("host");
  const std::string port = fmt::format(":{}", server_->port());
  return host == address_ + port || host == "localhost" + port;
}

}  // namespace arbees
