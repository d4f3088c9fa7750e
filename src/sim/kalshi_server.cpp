#include "sim/kalshi_server.h"

#include <algorithm>
#include <utility>

#include "adapters/telemetry/json.h"

namespace arbees::sim {
namespace {

constexpr std::string_view kSocketPath = "/trade-api/ws/v2";
constexpr Duration kTickPeriod = std::chrono::milliseconds(100);

net::ServerResponse page_not_found() {
  net::ServerResponse response;
  response.status = 404;
  response.content_type = "text/plain; charset=utf-8";
  response.body = "404 page not found\n";
  return response;
}

bool is_order_entry(const net::ServerRequest& request) {
  return request.method != "GET" && request.path.starts_with("/trade-api/v2/portfolio/events/orders");
}

}  // namespace

KalshiServer::KalshiServer(const ServerContext& context)
    : shared_{context},
      portfolio_(shared_, groups_),
      orders_(shared_, groups_, limits_),
      publisher_({shared_, groups_, portfolio_, orders_}),
      group_routes_(shared_, groups_,
                    [this](std::string_view event_type, std::string_view id, std::optional<Quantity> limit) {
                      publisher_.publish_group(event_type, id, limit);
                    }),
      market_routes_(shared_),
      account_(shared_),
      ticks_(context.loop),
      last_tick_change_(shared_.now()) {
  auth_.add_key(context.keys.rsa_key_id, context.keys.rsa_public_pem);
  auth_.add_key(context.keys.ed25519_key_id, context.keys.ed25519_public_pem);
  add_market_routes();
  add_account_routes();
  add_order_routes();
  add_group_routes();
  ticks_.every(kTickPeriod, [this] { on_tick(); });
}

void KalshiServer::on_request(net::ServerRequest request, net::Responder responder) {
  std::erase_if(late_, [](const auto& late) { return late->is_sent; });
  const HttpFate fate = shared_.context.faults.http_fate(is_order_entry(request), shared_.now());
  if (fate.refuse_status == 429) return responder.send(kalshi_too_many_requests());
  if (fate.refuse_status != 0) {
    return responder.send(kalshi_refusal({fate.refuse_status, "service_unavailable", {}, {}}));
  }
  net::ServerResponse response = answer(request);
  cancel_triggered_groups();
  // The answer is lost: the responder dies unused and the connection with it.
  if (fate.loses_answer) return;
  if (fate.delay <= Duration{0}) return responder.send(std::move(response));
  send_later(std::move(responder), std::move(response), fate.delay);
}

net::ServerResponse KalshiServer::answer(const net::ServerRequest& request) {
  const KalshiRouter::Match match = router_.find(request.method, request.path);
  if (match.route == nullptr) return page_not_found();
  if (auto refusal = refuse(request, *match.route)) return *std::move(refusal);
  return match.route->handler(request, match.parts);
}

std::optional<net::ServerResponse> KalshiServer::refuse(const net::ServerRequest& request, const KalshiRoute& route) {
  const Timestamp now = request.received_at;
  if (route.access == KalshiAccess::Private) {
    const Timestamp server_time = net::IoLoop::now() + shared_.context.faults.clock_skew(now);
    if (const auto error = auth_.refuse(request, server_time)) return kalshi_refusal(*error);
  }
  if (!KalshiAuth::is_signed(request)) return std::nullopt;
  bool passes = true;
  if (route.billing == KalshiBilling::Read) passes = limits_.take_read(KalshiLimits::kDefaultCost, now);
  if (route.billing == KalshiBilling::Write) passes = limits_.take_write(KalshiLimits::kDefaultCost, now);
  if (passes) return std::nullopt;
  return kalshi_too_many_requests();
}

net::ServerHandler::Upgrade KalshiServer::on_upgrade(const net::ServerRequest& request) {
  Upgrade upgrade;
  if (request.path != kSocketPath) {
    upgrade.refusal = page_not_found();
    return upgrade;
  }
  const Timestamp server_time = net::IoLoop::now() + shared_.context.faults.clock_skew(shared_.now());
  if (const auto error = auth_.refuse(request, server_time)) {
    upgrade.refusal = kalshi_refusal(*error);
    return upgrade;
  }
  upgrade.handler = std::make_unique<KalshiSession>(shared_, publisher_);
  return upgrade;
}

void KalshiServer::send_later(net::Responder responder, net::ServerResponse response, Duration delay) {
  Late* late = late_.emplace_back(std::make_unique<Late>(shared_.context.loop)).get();
  late->timer.after(delay, [late, responder = std::move(responder), response = std::move(response)] {
    responder.send(response);
    late->is_sent = true;
  });
}

void KalshiServer::on_tick() {
  FaultInjector& faults = shared_.context.faults;
  World& world = shared_.context.world;
  const Timestamp now = shared_.now();
  const bool is_paused = faults.is_in_phase(Fault::Maintenance, now);
  if (is_paused != is_paused_) world.set_paused(Venue::Kalshi, is_paused);
  is_paused_ = is_paused;
  if (faults.is_due(Fault::TickChange, last_tick_change_, now)) world.change_tick(Venue::Kalshi);
  publisher_.release_late_fills(now);
  cancel_triggered_groups();
}

void KalshiServer::cancel_triggered_groups() {
  for (const std::string& id : publisher_.take_triggered()) group_routes_.cancel_orders(id);
}

std::unique_ptr<net::ServerHandler> make_kalshi_server(const ServerContext& context) {
  return std::make_unique<KalshiServer>(context);
}

}  // namespace arbees::sim
