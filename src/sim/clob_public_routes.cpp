// The CLOB's public routes: clock, books, prices, terms and markets.

#include <array>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/clob_bodies.h"
#include "sim/clob_listing.h"
#include "sim/clob_server.h"

namespace arbees::sim {
namespace {

constexpr std::string_view kNoBook = "No orderbook exists for the requested token id";
constexpr std::size_t kPageSize = 500;
constexpr std::size_t kMostTokens = 500;

// Routes that answer one token each; those in the second row take POST with the plural's name.
constexpr std::array<std::string_view, 8> kTokenRoutes = {
    "/book", "/midpoint", "/price", "/spread", "/last-trade-price", "/tick-size", "/neg-risk", "/fee-rate"};
constexpr std::array<std::string_view, 5> kManyRoutes = {"/books", "/midpoints", "/prices", "/spreads",
                                                         "/last-trades-prices"};
constexpr std::array<std::string_view, 4> kListRoutes = {"/markets", "/simplified-markets", "/sampling-markets",
                                                         "/sampling-simplified-markets"};

template <std::size_t Count>
bool contains(const std::array<std::string_view, Count>& routes, std::string_view path) {
  for (const std::string_view route : routes) {
    if (route == path) return true;
  }
  return false;
}

std::string single(std::string_view name, std::string_view value) {
  JsonWriter json;
  json.begin_object().field(name, value).end_object();
  return json.take();
}

std::string single_raw(std::string_view name, std::string_view value) {
  JsonWriter json;
  json.begin_object().key(name).raw(value).end_object();
  return json.take();
}

Price bid_of(const World& world, const World::Token& token) {
  return token.outcome == Outcome::Yes ? world.best_bid(token.market->id)
                                       : complement(world.best_ask(token.market->id));
}

Price ask_of(const World& world, const World::Token& token) {
  return token.outcome == Outcome::Yes ? world.best_ask(token.market->id)
                                       : complement(world.best_bid(token.market->id));
}

// The last trade as this token saw it.
std::string last_price_text(const World::Token& token) {
  const Price yes = token.market->last_price;
  if (yes.is_zero()) return "0.5";
  return to_short_text(token.outcome == Outcome::Yes ? yes : complement(yes));
}

std::string mid_text(const World& world, const World::Token& token) {
  // Half a price unit has five decimals.
  const std::int64_t twice = bid_of(world, token).units() + ask_of(world, token).units();
  return format_decimal_short(twice * 5, 5);
}

}  // namespace

Price ClobServer::price_of(const World::Token& token, std::string_view side) const {
  return side == "SELL" ? ask_of(context_.world, token) : bid_of(context_.world, token);
}

std::string ClobServer::token_document(std::string_view path, const World::Token& token, std::string_view side) {
  const World& world = context_.world;
  const Market& market = *token.market;
  if (path == "/tick-size") return single_raw("minimum_tick_size", tick_text(market));
  if (path == "/neg-risk") return single_raw("neg_risk", market.neg_risk ? "true" : "false");
  if (path == "/fee-rate") return single_raw("base_fee", "1000");
  if (!market.is_active()) return {};
  if (path == "/book") return books_.summary(market, token.outcome);
  if (path == "/price") return single("price", to_short_text(price_of(token, side)));
  if (path == "/midpoint") return single("mid", mid_text(world, token));
  if (path == "/spread") return single("spread", to_short_text(ask_of(world, token) - bid_of(world, token)));
  JsonWriter json;
  const std::vector<MarketTrade> trades = world.trades(market.id, 1);
  const bool is_sale = !trades.empty() && trades.front().taker_action == Side::Sell;
  json.begin_object().field("price", last_price_text(token)).field("side", is_sale ? "SELL" : "BUY").end_object();
  return json.take();
}

net::ServerResponse ClobServer::answer_token(const net::ServerRequest& request) {
  const World::Token token = context_.world.find_token(request.parameter("token_id"));
  if (token.market == nullptr) return clob_error(404, kNoBook);
  std::string document = token_document(request.path, token, request.parameter("side"));
  return document.empty() ? clob_error(404, kNoBook) : clob_document(std::move(document));
}

net::ServerResponse ClobServer::answer_tokens(const net::ServerRequest& request) {
  const auto queries = parse_token_queries(request.body);
  if (!queries) return clob_error(400, "Invalid payload");
  if (queries->size() > kMostTokens) return clob_error(400, "Payload exceeds the limit");
  const bool is_list = request.path == "/books" || request.path == "/last-trades-prices";
  const World& world = context_.world;
  JsonWriter json;
  is_list ? json.begin_array() : json.begin_object();
  for (const TokenQuery& query : *queries) {
    const World::Token token = world.find_token(query.token_id);
    if (token.market == nullptr || !token.market->is_active()) continue;
    if (request.path == "/books") {
      json.raw(books_.summary(*token.market, token.outcome));
    } else if (request.path == "/last-trades-prices") {
      json.begin_object().field("token_id", query.token_id).field("price", last_price_text(token));
      json.field("side", "BUY").end_object();
    } else if (request.path == "/prices") {
      const std::string side = query.side.empty() ? "BUY" : query.side;
      json.key(query.token_id).begin_object().field(side, to_short_text(price_of(token, side))).end_object();
    } else if (request.path == "/midpoints") {
      json.field(query.token_id, mid_text(world, token));
    } else {
      json.field(query.token_id, to_short_text(ask_of(world, token) - bid_of(world, token)));
    }
  }
  is_list ? json.end_array() : json.end_object();
  return clob_document(json.take());
}

net::ServerResponse ClobServer::answer_market(const net::ServerRequest& request) {
  const std::string_view path = request.path;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const World& world = context_.world;
  if (path.starts_with("/markets-by-token/")) {
    const World::Token token = world.find_token(name);
    if (token.market == nullptr) return clob_error(404, "market not found");
    return clob_document(clob_market_of_token(*token.market));
  }
  const Market* market = world.find_condition(name);
  if (market == nullptr) return clob_error(404, "market not found");
  return clob_document(path.starts_with("/clob-markets/") ? clob_market_info(*market) : clob_market(world, *market));
}

net::ServerResponse ClobServer::answer_markets(const net::ServerRequest& request) {
  const bool is_sample = request.path.starts_with("/sampling-");
  const bool is_simple = request.path.ends_with("simplified-markets");
  std::vector<std::string> documents;
  for (const Market* market : clob_markets(context_.world)) {
    if (is_sample && !market->is_active()) continue;
    documents.push_back(is_simple ? clob_simplified_market(context_.world, *market)
                                  : clob_market(context_.world, *market));
  }
  return clob_document(clob_page(documents, request.parameter("next_cursor"), kPageSize));
}

bool ClobServer::route_public(const net::ServerRequest& request, const Reply& reply) {
  const std::string& path = request.path;
  if (request.method == "POST" && contains(kManyRoutes, path)) {
    reply(answer_tokens(request));
    return true;
  }
  if (request.method != "GET") return false;
  if (path == "/ok" || path == "/") {
    reply(clob_document("\"OK\""));
  } else if (path == "/time") {
    reply(clob_document(std::to_string(unix_ns(stated(net::IoLoop::now())) / 1'000'000'000)));
  } else if (path == "/version") {
    reply(clob_document("{\"version\":2}"));
  } else if (contains(kTokenRoutes, path)) {
    reply(answer_token(request));
  } else if (contains(kListRoutes, path)) {
    reply(answer_markets(request));
  } else if (path.starts_with("/clob-markets/") || path.starts_with("/markets/") ||
             path.starts_with("/markets-by-token/")) {
    reply(answer_market(request));
  } else {
    return false;
  }
  return true;
}

}  // namespace arbees::sim
