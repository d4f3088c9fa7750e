// The CLOB's private routes: credentials, orders, trades, balances, heartbeats.

#include <memory>
#include <utility>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "adapters/venue/polymarket/typed_data.h"
#include "sim/clob_bodies.h"
#include "sim/clob_listing.h"
#include "sim/clob_server.h"

namespace arbees::sim {
namespace {

constexpr std::size_t kPageSize = 500;
constexpr std::size_t kMostOrders = 15;
constexpr std::size_t kMostCancels = 1000;
// What an unlimited approval reads: 2^256 − 1.
constexpr std::string_view kUnlimited =
    "115792089237316195423570985008687907853269984665640564039457584007913129639935";

std::string credentials_document(const ClobCredentials& credentials) {
  JsonWriter json;
  json.begin_object().field("apiKey", credentials.api_key).field("secret", credentials.secret);
  json.field("passphrase", credentials.passphrase).end_object();
  return json.take();
}

net::ServerResponse rejected(const ClobRejection& rejection) {
  JsonWriter json;
  json.begin_object().field("error", rejection.text);
  if (!rejection.order_id.empty()) json.field("orderID", rejection.order_id);
  json.end_object();
  net::ServerResponse response = clob_document(json.take());
  response.status = rejection.status;
  return response;
}

// A batch answers 200 for every entry; a refused one only says so in its text.
std::string batch_entry(const ClobPosted& posted) {
  if (posted) return *posted;
  JsonWriter json;
  json.begin_object().field("success", true).field("errorMsg", posted.error().text);
  json.field("orderID", posted.error().order_id).field("status", "").field("makingAmount", "");
  json.field("takingAmount", "").end_object();
  return json.take();
}

// Gathers a batch whose entries are answered one after the other.
struct Batch {
  std::vector<std::string> entries;
  std::size_t missing = 0;
};

std::string array_of(const std::vector<std::string>& documents) {
  JsonWriter json;
  json.begin_array();
  for (const std::string& document : documents) json.raw(document);
  json.end_array();
  return json.take();
}

bool is_same_id(const std::string& wanted, const std::string& value) { return wanted.empty() || wanted == value; }

}  // namespace

bool ClobServer::is_account(const polymarket::Address& address) const {
  return polymarket::parse_address(context_.keys.wallet_address) == address;
}

bool ClobServer::route_login(const net::ServerRequest& request, Timestamp now, const Reply& reply) {
  const bool is_making = request.method == "POST" && request.path == "/auth/api-key";
  const bool is_deriving = request.method == "GET" && request.path == "/auth/derive-api-key";
  if (!is_making && !is_deriving) return false;
  const auto credentials = authority_.check_wallet(request, now);
  reply(credentials ? clob_document(credentials_document(*credentials)) : credentials.error());
  return true;
}

void ClobServer::route_private(const net::ServerRequest& request, Timestamp now, const Reply& reply) {
  const auto key = authority_.check_request(request, now);
  if (!key) return reply(key.error());
  const std::string& path = request.path;
  const bool is_get = request.method == "GET";
  const bool is_post = request.method == "POST";
  const bool is_delete = request.method == "DELETE";
  if (is_post && path == "/order") return post_order(request, *key, now, reply);
  if (is_post && path == "/orders") return post_orders(request, *key, now, reply);
  if (is_delete && path == "/auth/api-key") {
    authority_.revoke(key->api_key);
    return reply(clob_document("\"OK\""));
  }
  if (is_delete) return reply(cancel(request, *key, now));
  if (is_get && path == "/auth/api-keys") {
    JsonWriter json;
    json.begin_object().key("apiKeys").begin_array();
    for (const std::string& api_key : authority_.keys_of(key->address)) json.value(api_key);
    json.end_array().end_object();
    return reply(clob_document(json.take()));
  }
  if (is_get && path == "/auth/ban-status/closed-only") return reply(clob_document("{\"closed_only\":false}"));
  if (is_get && (path == "/data/orders" || path.starts_with("/data/order/"))) return reply(list_orders(request, *key));
  if (is_get && path == "/data/trades") return reply(list_trades(request, *key, now));
  if (is_get && path.starts_with("/balance-allowance")) return reply(balance(request, *key));
  if (is_post && (path == "/v1/heartbeats" || path == "/heartbeats")) return reply(heartbeat(request, *key, now));
  reply(clob_error(404, "not found"));
}

void ClobServer::post_order(const net::ServerRequest& request, const ClobCredentials& key, Timestamp now,
                            const Reply& reply) {
  const auto posted = parse_posted_order(request.body);
  if (!posted) return reply(clob_error(400, posted.error()));
  orders_.post(*posted, key, now, [this, reply](ClobPosted answer) {
    reply(answer ? clob_document(std::move(*answer)) : rejected(answer.error()));
    market_channel_.flush();
  });
}

void ClobServer::post_orders(const net::ServerRequest& request, const ClobCredentials& key, Timestamp now,
                             const Reply& reply) {
  const auto posted = parse_posted_orders(request.body);
  if (!posted || posted->empty()) return reply(clob_error(400, "Invalid order payload"));
  if (posted->size() > kMostOrders) {
    return reply(clob_error(400, "Too many orders in payload: " + std::to_string(posted->size()) +
                                     ", max allowed: " + std::to_string(kMostOrders)));
  }
  const auto batch = std::make_shared<Batch>();
  batch->entries.resize(posted->size());
  batch->missing = posted->size();
  for (std::size_t i = 0; i < posted->size(); ++i) {
    const auto finish = [batch, reply, i](const ClobPosted& answer) {
      batch->entries[i] = batch_entry(answer);
      if (--batch->missing == 0) reply(clob_document(array_of(batch->entries)));
    };
    const auto& order = (*posted)[i];
    if (order) {
      orders_.post(*order, key, now, finish);
    } else {
      finish(failure(ClobRejection{400, order.error(), {}}));
    }
  }
}

net::ServerResponse ClobServer::cancel(const net::ServerRequest& request, const ClobCredentials& key, Timestamp now) {
  const std::string& path = request.path;
  if (path == "/order") {
    const auto id = parse_order_id(request.body);
    if (!id) return clob_error(400, "Invalid order payload");
    return clob_document(orders_.cancel({*id}, key.address, now).document());
  }
  if (path == "/orders") {
    const auto ids = parse_order_ids(request.body);
    if (!ids) return clob_error(400, "Invalid order payload");
    if (ids->size() > kMostCancels) {
      return clob_error(400, "Too many orders in payload: " + std::to_string(ids->size()) +
                                 ", max allowed: " + std::to_string(kMostCancels));
    }
    return clob_document(orders_.cancel(*ids, key.address, now).document());
  }
  if (path == "/cancel-all") {
    return clob_document(orders_.cancel_if(key.address, now, [](const ClobOrder&) { return true; }).document());
  }
  if (path != "/cancel-market-orders") return clob_error(404, "not found");
  const auto filter = parse_cancel_filter(request.body);
  if (!filter || (filter->market.empty() && filter->asset_id.empty())) return clob_error(400, "Invalid payload");
  const auto wants = [&](const ClobOrder& order) {
    return is_same_id(filter->market, order.checked.market->condition_id) &&
           is_same_id(filter->asset_id, order.posted.token_id);
  };
  return clob_document(orders_.cancel_if(key.address, now, wants).document());
}

net::ServerResponse ClobServer::list_orders(const net::ServerRequest& request, const ClobCredentials& key) {
  constexpr std::string_view kOne = "/data/order/";
  if (request.path.starts_with(kOne)) {
    const ClobOrder* order = orders_.find(std::string_view(request.path).substr(kOne.size()));
    if (order == nullptr || order->address != key.address) return clob_error(404, "order not found");
    return clob_document(orders_.document(*order));
  }
  const std::string id = request.parameter("id");
  const std::string market = request.parameter("market");
  const std::string asset_id = request.parameter("asset_id");
  std::vector<std::string> documents;
  for (const ClobOrder* order : orders_.of(key.address)) {
    const bool is_wanted = id.empty() ? orders_.is_open(*order) : order->checked.id == id;
    if (!is_wanted || !is_same_id(market, order->checked.market->condition_id) ||
        !is_same_id(asset_id, order->posted.token_id)) {
      continue;
    }
    documents.push_back(orders_.document(*order));
  }
  return clob_document(clob_page(documents, request.parameter("next_cursor"), kPageSize));
}

net::ServerResponse ClobServer::list_trades(const net::ServerRequest& request, const ClobCredentials& key,
                                            Timestamp now) {
  const std::string id = request.parameter("id");
  const std::string market = request.parameter("market");
  const std::string asset_id = request.parameter("asset_id");
  const std::string maker = request.parameter("maker_address");
  const auto before = parse_decimal(request.parameter("before"), 0);
  const auto after = parse_decimal(request.parameter("after"), 0);
  const World& world = context_.world;
  std::vector<std::string> documents;
  const std::vector<const ClobTrade*> trades = trades_.shown(now);
  for (auto it = trades.rbegin(); it != trades.rend(); ++it) {
    const ClobTrade& trade = **it;
    const ClobOrder* order = orders_.find(trade.fill.order_public_id);
    const std::int64_t at = unix_ns(trade.fill.time) / 1'000'000'000;
    const bool is_hidden = order == nullptr || order->address != key.address || (before && at >= *before) ||
                           (after && at <= *after) || !is_same_id(id, trade.fill.trade_id) ||
                           !is_same_id(market, world.market(trade.fill.market).condition_id) ||
                           !is_same_id(asset_id, order->posted.token_id);
    if (is_hidden) continue;
    if (!maker.empty() && polymarket::parse_address(maker) != order->posted.order.maker) continue;
    documents.push_back(clob_trade_document(world, trade, false, context_.faults.clock_skew(now)));
  }
  return clob_document(clob_page(documents, request.parameter("next_cursor"), kPageSize));
}

net::ServerResponse ClobServer::balance(const net::ServerRequest& request, const ClobCredentials& key) {
  if (request.path == "/balance-allowance/update") {
    if (is_account(key.address)) seen_.erase(request.parameter("token_id"));
    return clob_document({});
  }
  const std::string type = request.parameter("asset_type");
  if (type != "COLLATERAL" && type != "CONDITIONAL" && type != "CONDITIONAL-V2") {
    return clob_error(400, "Invalid asset type");
  }
  std::int64_t units = 0;
  if (is_account(key.address) && type == "COLLATERAL") {
    units = context_.world.cash(Venue::Polymarket).units();
  } else if (is_account(key.address) && type == "CONDITIONAL") {
    const World::Token token = context_.world.find_token(request.parameter("token_id"));
    if (token.market == nullptr) return clob_error(400, "Invalid token id");
    const Position position = context_.world.position(Venue::Polymarket, token.market->id);
    const Quantity held = token.outcome == Outcome::Yes ? position.yes : position.no;
    units = held.units() * power_of_ten(Money::kDecimals - Quantity::kDecimals);
    // Tokens are redeemed on chain, which the CLOB looks at when it is told to.
    const bool is_decided = token.market->phase == ContractPhase::Settled;
    if (is_decided) units = seen_.try_emplace(request.parameter("token_id"), units).first->second;
  }
  JsonWriter json;
  json.begin_object().field("balance", std::to_string(units)).key("allowances").begin_object();
  for (const bool neg_risk : {false, true}) {
    const auto contract = polymarket::exchange_contract(polymarket::DomainVersion::Two, neg_risk, rules_.chain_id);
    json.field(polymarket::to_checksum_text(contract), is_account(key.address) ? kUnlimited : std::string_view("0"));
  }
  json.end_object().end_object();
  return clob_document(json.take());
}

net::ServerResponse ClobServer::heartbeat(const net::ServerRequest& request, const ClobCredentials& key,
                                          Timestamp now) {
  if (request.path == "/heartbeats") return clob_document("{\"status\":\"ok\"}");
  const auto id = parse_heartbeat_id(request.body);
  if (!id) return clob_error(400, "Invalid payload");
  const auto next = heartbeats_.beat(key.api_key, *id, now);
  JsonWriter json;
  if (next) {
    json.begin_object().field("heartbeat_id", *next).end_object();
    return clob_document(json.take());
  }
  json.begin_object().field("error_msg", "Invalid Heartbeat ID").field("heartbeat_id", next.error()).end_object();
  net::ServerResponse response = clob_document(json.take());
  response.status = 400;
  return response;
}

}  // namespace arbees::sim
