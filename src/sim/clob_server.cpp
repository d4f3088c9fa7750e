#include "sim/clob_server.h"

#include <utility>
#include <vector>

namespace arbees::sim {
namespace {

constexpr Duration kTimerPeriod = std::chrono::milliseconds(20);

bool is_order_route(const net::ServerRequest& request) noexcept {
  const std::string& path = request.path;
  const bool is_cancel = path == "/cancel-all" || path == "/cancel-market-orders";
  return is_cancel || ((path == "/order" || path == "/orders") && request.method != "GET");
}

}  // namespace

net::ServerResponse clob_document(std::string body) {
  net::ServerResponse response;
  response.body = std::move(body);
  return response;
}

ClobServer::ClobServer(const ServerContext& context, const ClobRules& rules)
    : context_(context),
      rules_(rules),
      authority_(context.seed, static_cast<std::uint64_t>(context.chain_id)),
      books_(context.world),
      market_channel_(context_, books_),
      user_channel_(context_, authority_),
      prices_(context_),
      trades_(context_, rules_),
      orders_(context_, rules_, trades_,
              [this](const polymarket::Address& address, const std::string& condition_id, const std::string& text) {
                user_channel_.tell(address, condition_id, text);
              }),
      heartbeats_(context.seed, rules.heartbeat_limit),
      last_tick_change_(net::IoLoop::now()),
      timer_(context.loop) {
  // The account's first credentials exist from the start: a client may derive them without having made them.
  if (const auto wallet = polymarket::parse_address(context.keys.wallet_address)) authority_.issue(*wallet, 0);
  context_.world.add_listener(*this);
  timer_.every(kTimerPeriod, [this] { advance(net::IoLoop::now()); });
}

ClobServer::~ClobServer() { context_.world.remove_listener(*this); }

Timestamp ClobServer::stated(Timestamp time) const { return time + context_.faults.clock_skew(context_.world.now()); }

// What befalls the whole venue: restarts, and ticks that change under resting orders.
void ClobServer::strike(Timestamp now) {
  const bool is_paused = context_.faults.is_in_phase(Fault::Maintenance, now);
  if (is_paused != is_paused_) context_.world.set_paused(Venue::Polymarket, is_paused);
  is_paused_ = is_paused;
  if (context_.faults.is_due(Fault::TickChange, last_tick_change_, now)) {
    context_.world.change_tick(Venue::Polymarket);
  }
}

void ClobServer::advance(Timestamp now) {
  strike(now);
  orders_.advance(now);
  const Duration skew = context_.faults.clock_skew(now);
  trades_.advance(now, [this, skew](const ClobTrade& trade) {
    const ClobOrder* order = orders_.find(trade.fill.order_public_id);
    if (order == nullptr) return;
    user_channel_.tell(order->address, order->checked.market->condition_id,
                       clob_trade_document(context_.world, trade, true, skew));
  });
  for (const std::string& key : heartbeats_.take_silent(now)) {
    const auto wallet = polymarket::parse_address(context_.keys.wallet_address);
    if (!wallet) continue;
    static_cast<void>(
        orders_.cancel_if(*wallet, now, [&](const ClobOrder& order) { return order.owner.api_key == key; }));
  }
  for (LateReply& late : late_) {
    if (late.due <= now) late.responder.send(std::move(late.response));
  }
  std::erase_if(late_, [now](const LateReply& late) { return late.due <= now; });
  market_channel_.flush();
}

void ClobServer::on_request(net::ServerRequest request, net::Responder responder) {
  const Timestamp now = net::IoLoop::now();
  const bool is_order = is_order_route(request);
  const HttpFate fate = context_.faults.http_fate(is_order, now);
  if (fate.refuse_status != 0) {
    net::ServerResponse response =
        clob_error(fate.refuse_status, fate.refuse_status == 429 ? "Too Many Requests" : "Internal server error");
    if (fate.refuse_status == 429) response.headers.emplace_back("Retry-After", "1");
    return responder.send(std::move(response));
  }
  if (is_order && is_paused_) {
    return responder.send(clob_error(425, "the matching engine is restarting"));
  }
  route(request, now, [this, responder, fate](net::ServerResponse response) {
    if (fate.loses_answer) return;
    if (fate.delay > Duration{0}) {
      late_.push_back({net::IoLoop::now() + fate.delay, responder, std::move(response)});
      return;
    }
    responder.send(std::move(response));
  });
  market_channel_.flush();
}

void ClobServer::route(const net::ServerRequest& request, Timestamp now, const Reply& reply) {
  if (route_public(request, reply) || route_login(request, now, reply)) return;
  route_private(request, now, reply);
}

net::ServerHandler::Upgrade ClobServer::on_upgrade(const net::ServerRequest& request) {
  Upgrade upgrade;
  if (request.path == "/ws/market") {
    upgrade.handler = market_channel_.accept();
  } else if (request.path == "/ws/user") {
    upgrade.handler = user_channel_.accept();
  } else if (request.path == "/" || request.path == "/rtds" || request.path == "/ws") {
    upgrade.handler = prices_.accept();
  }
  return upgrade;
}

void ClobServer::on_market_created(const Market& market) {
  if (market.venue == Venue::Polymarket) market_channel_.on_created(market, stated(context_.world.now()));
}

void ClobServer::on_phase(const Market& market) {
  if (market.venue != Venue::Polymarket) return;
  if (market.is_active()) market_channel_.on_opened(market, stated(context_.world.now()));
}

void ClobServer::on_grid(const Market& market, const PriceGrid& old_grid) {
  if (market.venue == Venue::Polymarket) market_channel_.on_grid(market, old_grid, stated(context_.world.now()));
}

void ClobServer::on_settled(const Market& market) {
  if (market.venue == Venue::Polymarket) market_channel_.on_resolved(market, stated(context_.world.now()));
}

void ClobServer::on_book_change(const Market& market, const BookChange& change) {
  if (market.venue == Venue::Polymarket) market_channel_.on_change(market, change, stated(change.time));
}

void ClobServer::on_trade(const Market& market, const MarketTrade& trade) {
  if (market.venue == Venue::Polymarket) market_channel_.on_trade(market, trade, stated(trade.time));
}

void ClobServer::on_order(const Order& order) {
  if (order.venue == Venue::Polymarket) orders_.on_order(order);
}

void ClobServer::on_fill(const Fill& fill) {
  if (fill.venue == Venue::Polymarket && !fill.is_reverted) orders_.on_fill(fill);
}

void ClobServer::on_index(const IndexValue& value) { prices_.on_index(value); }

void ClobServer::on_step(Timestamp) { market_channel_.flush(); }

std::unique_ptr<net::ServerHandler> make_clob_server(const ServerContext& context) {
  ClobRules rules;
  rules.chain_id = static_cast<std::uint64_t>(context.chain_id);
  return std::make_unique<ClobServer>(context, rules);
}

}  // namespace arbees::sim
