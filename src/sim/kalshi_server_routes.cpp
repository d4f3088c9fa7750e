#include <utility>

#include "adapters/telemetry/json.h"
#include "sim/kalshi_query.h"
#include "sim/kalshi_server.h"

namespace arbees::sim {
namespace {

using Request = net::ServerRequest;
using Parts = KalshiPathParts;

constexpr auto kPublic = KalshiAccess::Public;
constexpr auto kPrivate = KalshiAccess::Private;

// What is left of the order endpoints that were shut in June 2026.
net::ServerResponse retired_endpoint(const Request&, const Parts&) {
  return kalshi_refusal({410, "deprecated_v1_order_endpoint", "Please switch to the V2 order endpoints", {}});
}

}  // namespace

void KalshiServer::add_market_routes() {
  const KalshiMarketRoutes& routes = market_routes_;
  const auto add = [this](std::string_view pattern, KalshiHandler handler) {
    router_.get(pattern, kPublic, std::move(handler));
  };
  add("exchange/status", [this](const Request&, const Parts&) { return market_routes_.exchange_status(is_paused_); });
  add("exchange/schedule", [&routes](const Request&, const Parts&) { return routes.exchange_schedule(); });
  add("exchange/user_data_timestamp", [&routes](const Request&, const Parts&) { return routes.user_data_timestamp(); });
  add("historical/cutoff", [&routes](const Request&, const Parts&) { return routes.historical_cutoff(); });
  add("markets", [&routes](const Request& request, const Parts&) { return routes.markets(request); });
  add("markets/orderbooks", [&routes](const Request& request, const Parts&) { return routes.orderbooks(request); });
  add("markets/trades", [&routes](const Request& request, const Parts&) { return routes.trades(request); });
  add("markets/{}", [&routes](const Request&, const Parts& parts) { return routes.market(parts[0]); });
  add("markets/{}/orderbook",
      [&routes](const Request& request, const Parts& parts) { return routes.orderbook(parts[0], request); });
  add("events", [&routes](const Request& request, const Parts&) { return routes.events(request); });
  add("events/fee_changes",
      [&routes](const Request&, const Parts&) { return routes.fee_changes("event_fee_changes"); });
  add("events/{}", [&routes](const Request& request, const Parts& parts) { return routes.event(parts[0], request); });
  add("events/{}/metadata", [&routes](const Request&, const Parts& parts) { return routes.event_metadata(parts[0]); });
  add("series", [&routes](const Request& request, const Parts&) { return routes.series_list(request); });
  add("series/fee_changes",
      [&routes](const Request&, const Parts&) { return routes.fee_changes("series_fee_change_arr"); });
  add("series/{}", [&routes](const Request&, const Parts& parts) { return routes.series(parts[0]); });
  add("series/{}/markets/{}/candlesticks",
      [this](const Request& request, const Parts& parts) { return candlesticks(request, parts[1]); });
}

net::ServerResponse KalshiServer::candlesticks(const Request& request, std::string_view ticker) const {
  const Market* market = shared_.context.world.find_market(Venue::Kalshi, ticker);
  if (market == nullptr) return kalshi_refusal({404, "not_found", {}, {}});
  KalshiQuery query(request, "GetMarketCandlesticks");
  const auto start = query.number("start_ts");
  const auto end = query.number("end_ts");
  const auto minutes = query.number("period_interval");
  if (auto mistake = query.mistake()) return *std::move(mistake);
  const bool has_period = minutes && (*minutes == 1 || *minutes == 60 || *minutes == 1440);
  if (!start || !end || !has_period) {
    return kalshi_bad_parameter(
        "Parameter validation failed for GetMarketCandlesticks: start_ts, end_ts and period_interval (1, 60, 1440) are "
        "required");
  }
  JsonWriter json;
  json.begin_object().field("ticker", market->ticker).key("candlesticks");
  publisher_.candles().write(json, *market, *start, *end, *minutes);
  json.end_object();
  return kalshi_json(json.take());
}

void KalshiServer::add_account_routes() {
  const auto add = [this](std::string_view pattern, KalshiHandler handler) {
    router_.get(pattern, kPrivate, std::move(handler));
  };
  router_.get("account/endpoint_costs", kPublic,
              [this](const Request&, const Parts&) { return account_.endpoint_costs(); });
  add("account/limits", [this](const Request&, const Parts&) { return account_.limits(); });
  add("api_keys", [this](const Request&, const Parts&) { return account_.api_keys(); });
  add("portfolio/balance", [this](const Request& request, const Parts&) { return portfolio_.balance(request); });
  add("portfolio/positions", [this](const Request& request, const Parts&) { return portfolio_.positions(request); });
  add("portfolio/fills", [this](const Request& request, const Parts&) { return portfolio_.fills(request); });
  add("portfolio/settlements",
      [this](const Request& request, const Parts&) { return portfolio_.settlements(request); });
  add("portfolio/orders", [this](const Request& request, const Parts&) { return portfolio_.orders(request); });
  add("portfolio/orders/queue_positions",
      [this](const Request& request, const Parts&) { return portfolio_.queue_positions(request); });
  add("portfolio/orders/{}", [this](const Request&, const Parts& parts) { return portfolio_.order(parts[0]); });
  add("portfolio/orders/{}/queue_position",
      [this](const Request&, const Parts& parts) { return portfolio_.queue_position(parts[0]); });
  add("portfolio/summary/total_resting_order_value",
      [this](const Request&, const Parts&) { return portfolio_.resting_order_value(); });
  add("portfolio/subaccounts/balances",
      [this](const Request&, const Parts&) { return portfolio_.subaccount_balances(); });
  add("portfolio/deposits", [this](const Request&, const Parts&) { return account_.empty_list("deposits"); });
  add("portfolio/withdrawals", [this](const Request&, const Parts&) { return account_.empty_list("withdrawals"); });
  add("portfolio/intra_exchange_instance_transfers",
      [this](const Request&, const Parts&) { return account_.empty_list("transfers"); });
}

void KalshiServer::add_order_routes() {
  const auto add = [this](std::string method, std::string_view pattern, KalshiHandler handler) {
    router_.add(std::move(method), pattern, kPrivate, KalshiBilling::ByOrder, std::move(handler));
  };
  add("POST", "portfolio/events/orders",
      [this](const Request& request, const Parts&) { return orders_.create(request); });
  add("DELETE", "portfolio/events/orders",
      [this](const Request& request, const Parts&) { return orders_.cancel_all(request.received_at); });
  add("POST", "portfolio/events/orders/batched",
      [this](const Request& request, const Parts&) { return orders_.create_batch(request); });
  add("DELETE", "portfolio/events/orders/batched",
      [this](const Request& request, const Parts&) { return orders_.cancel_batch(request); });
  add("DELETE", "portfolio/events/orders/{}",
      [this](const Request& request, const Parts& parts) { return orders_.cancel(parts[0], request); });
  add("POST", "portfolio/events/orders/{}/amend",
      [this](const Request& request, const Parts& parts) { return orders_.amend(parts[0], request); });
  add("POST", "portfolio/events/orders/{}/decrease",
      [this](const Request& request, const Parts& parts) { return orders_.decrease(parts[0], request); });
  add("POST", "portfolio/orders", retired_endpoint);
  add("POST", "portfolio/orders/batched", retired_endpoint);
  add("DELETE", "portfolio/orders/batched", retired_endpoint);
  add("DELETE", "portfolio/orders/{}", retired_endpoint);
  add("POST", "portfolio/orders/{}/amend", retired_endpoint);
  add("POST", "portfolio/orders/{}/decrease", retired_endpoint);
}

void KalshiServer::add_group_routes() {
  const auto add = [this](std::string method, std::string_view pattern, KalshiHandler handler) {
    router_.add(std::move(method), pattern, kPrivate, KalshiBilling::Write, std::move(handler));
  };
  router_.get("portfolio/order_groups", kPrivate,
              [this](const Request&, const Parts&) { return group_routes_.list(); });
  router_.get("portfolio/order_groups/{}", kPrivate,
              [this](const Request&, const Parts& parts) { return group_routes_.get(parts[0]); });
  add("POST", "portfolio/order_groups/create",
      [this](const Request& request, const Parts&) { return group_routes_.create(request); });
  add("PUT", "portfolio/order_groups/{}/limit",
      [this](const Request& request, const Parts& parts) { return group_routes_.set_limit(parts[0], request); });
  add("PUT", "portfolio/order_groups/{}/reset",
      [this](const Request& request, const Parts& parts) { return group_routes_.reset(parts[0], request); });
  add("PUT", "portfolio/order_groups/{}/trigger",
      [this](const Request& request, const Parts& parts) { return group_routes_.trigger(parts[0], request); });
  add("DELETE", "portfolio/order_groups/{}",
      [this](const Request& request, const Parts& parts) { return group_routes_.remove(parts[0], request); });
}

}  // namespace arbees::sim
