#include "adapters/dashboard/dashboard_server.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/dashboard/metrics_server.h"
#include "adapters/dashboard/page.h"
#include "adapters/telemetry/json.h"

namespace arbees {
namespace {

using net::ServerRequest;
using net::ServerResponse;

ServerResponse json(int status, std::string body) { return {status, "application/json", std::move(body), {}}; }

ServerResponse error(int status, std::string_view code, std::string_view message) {
  JsonWriter text;
  text.begin_object().key("error").begin_object().field("code", code).field("message", message);
  return json(status, text.end_object().end_object().take());
}

ServerResponse json_or_error(const DashboardSources::Answer& answer) {
  return answer ? json(200, *answer) : error(500, "failed", answer.error());
}

ServerResponse page(const char* type, std::string_view text) { return {200, type, std::string(text), {}}; }

// What every answer says about itself: for this page only, from this host only, in no frame, in no cache.
void add_headers(ServerResponse& response) {
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                                "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

// One open page. The server's list holds it as long as the socket is open.
class DashboardServer::Stream final : public net::ServerSocketHandler {
 public:
  explicit Stream(DashboardServer& server) : server_(server) {}

  void on_open(std::shared_ptr<net::ServerSocket> socket) override {
    socket_ = std::move(socket);
    server_.streams_.push_back(this);
    socket_->send(server_.sources_.status());
  }
  void on_text(std::string_view, Timestamp) override {}  // pages only listen
  void on_closed() override { std::erase(server_.streams_, this); }

  void send(std::string_view text) { socket_->send(text); }

 private:
  DashboardServer& server_;
  std::shared_ptr<net::ServerSocket> socket_;
};

Result<std::unique_ptr<DashboardServer>, std::string> DashboardServer::open(net::IoLoop& loop, std::uint16_t port,
                                                                            std::string token,
                                                                            DashboardSources sources) {
  std::unique_ptr<DashboardServer> dashboard(new DashboardServer(std::move(token), std::move(sources)));
  net::HttpServerOptions options;
  options.port = port;
  options.max_body_bytes = kMaxBytes;
  options.max_message_bytes = kMaxBytes;
  auto server = net::HttpServer::listen(loop, *dashboard, options);
  if (!server) return failure(server.error());
  dashboard->server_ = std::move(*server);
  return dashboard;
}

DashboardServer::DashboardServer(std::string token, DashboardSources sources)
    : token_(std::move(token)), sources_(std::move(sources)) {}
DashboardServer::~DashboardServer() = default;

std::string DashboardServer::url() const { return fmt::format("http://127.0.0.1:{}", server_->port()); }

void DashboardServer::publish() {
  if (streams_.empty()) return;
  const std::string status = sources_.status();
  for (Stream* stream : streams_) stream->send(status);
}

void DashboardServer::on_request(ServerRequest request, net::Responder responder) {
  ServerResponse response = answer(request);
  add_headers(response);
  responder.send(std::move(response));
}

ServerResponse DashboardServer::answer(const ServerRequest& request) {
  if (!is_own_host(request)) return error(403, "wrong_host", "this server answers for 127.0.0.1 and localhost only");
  if (!is_own_origin(request)) return error(403, "wrong_origin", "requests of other pages are refused");
  if (request.path.starts_with("/api/") || request.path == "/metrics") return answer_api(request);
  if (request.method != "GET" && request.method != "HEAD") return error(405, "wrong_method", "use GET");
  if (request.path == "/healthz") return {200, "text/plain; charset=utf-8", "ok\n", {}};
  if (request.path == "/") return page("text/html; charset=utf-8", kPageHtml);
  if (request.path == "/dashboard.js") return page("text/javascript; charset=utf-8", kPageScript);
  if (request.path == "/dashboard.css") return page("text/css; charset=utf-8", kPageStyle);
  return error(404, "not_found", "there is no such page");
}

ServerResponse DashboardServer::answer_api(const ServerRequest& request) {
  const bool is_change = request.path == "/api/halt" || request.path == "/api/resume" || request.path == "/api/flatten";
  if (is_change && request.method != "POST") return error(405, "wrong_method", "use POST");
  if (!has_token(request)) return error(401, "unauthorized", "send the header Authorization: Bearer TOKEN");
  const std::string reason = is_change && sources_.reason_in ? sources_.reason_in(request.body) : std::string();
  const std::string noted = reason.empty() ? "dashboard" : "dashboard: " + reason;
  if (request.path == "/api/halt") return json_or_error(sources_.halt(noted));
  const bool lacks_reason = request.path == "/api/resume" && !sources_.reason_needed.empty() && reason.empty();
  if (lacks_reason) return error(400, "reason_needed", sources_.reason_needed);
  const bool trades_again = request.path == "/api/resume" || request.path == "/api/flatten";
  const std::string doubt = trades_again && sources_.doubt ? sources_.doubt() : std::string();
  if (!doubt.empty()) return error(409, "refused", doubt);
  if (request.path == "/api/resume") return json_or_error(sources_.resume(noted));
  if (request.path == "/api/flatten") {
    const DashboardSources::Answer flattened = sources_.flatten(noted);
    return flattened ? json(200, *flattened) : error(409, "refused", flattened.error());
  }
  if (request.method != "GET") return error(405, "wrong_method", "use GET");
  if (request.path == "/api/status") return json(200, sources_.status());
  if (request.path == "/api/fills") return json_or_error(sources_.fills());
  if (request.path == "/metrics") return {200, kMetricsType, sources_.metrics(), {}};
  return error(404, "not_found", "there is no such document");
}

net::ServerHandler::Upgrade DashboardServer::on_upgrade(const ServerRequest& request) {
  Upgrade upgrade;
  upgrade.refusal = error(401, "unauthorized", "offer the subprotocols arbees and TOKEN");
  if (!is_own_host(request) || !is_own_origin(request)) {
    upgrade.refusal = error(403, "wrong_origin", "connections of other pages are refused");
  } else if (request.path != "/api/stream") {
    upgrade.refusal = error(404, "not_found", "the stream is /api/stream");
  } else {
    const std::string_view offered = request.header("sec-websocket-protocol");
    const std::size_t comma = offered.find(',');
    const bool is_ours = comma != std::string_view::npos && trimmed(offered.substr(0, comma)) == "arbees" &&
                         is_token(trimmed(offered.substr(comma + 1)));
    if (is_ours) {
      upgrade.handler = std::make_unique<Stream>(*this);
      upgrade.subprotocol = "arbees";
    }
  }
  add_headers(upgrade.refusal);
  return upgrade;
}

bool DashboardServer::is_own_host(const ServerRequest& request) const {
  const std::string_view host = request.header("host");
  const std::string port = fmt::format(":{}", server_->port());
  return host == "127.0.0.1" + port || host == "localhost" + port;
}

bool DashboardServer::is_own_origin(const ServerRequest& request) const {
  const std::string_view origin = request.header("origin");
  return origin.empty() || origin == fmt::format("http://{}", request.header("host"));
}

bool DashboardServer::has_token(const ServerRequest& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view header = request.header("authorization");
  return header.starts_with(kScheme) && is_token(header.substr(kScheme.size()));
}

// The time taken tells nothing about how much of a guess was right.
bool DashboardServer::is_token(std::string_view text) const noexcept {
  unsigned difference = text.size() == token_.size() ? 0 : 1;
  for (std::size_t i = 0; i < token_.size(); ++i) {
    const char guessed = i < text.size() ? text[i] : '\0';
    difference |= static_cast<unsigned>(static_cast<unsigned char>(guessed ^ token_[i]));
  }
  return difference == 0;
}

}  // namespace arbees
