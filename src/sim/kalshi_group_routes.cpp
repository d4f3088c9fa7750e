#include "sim/kalshi_group_routes.h"

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/kalshi_error.h"
#include "sim/kalshi_limits.h"
#include "sim/kalshi_order_request.h"
#include "sim/kalshi_query.h"

namespace arbees::sim {
namespace {

// The space of seeded_uuid() that group ids live in.
constexpr std::uint64_t kGroupUuids = 0x4b47;

net::ServerResponse not_found() { return kalshi_refusal({404, "not_found", {}, {}}); }
net::ServerResponse done() { return kalshi_json("{}"); }

}  // namespace

net::ServerResponse KalshiGroupRoutes::list() const {
  JsonWriter json;
  json.begin_object().key("order_groups").begin_array();
  for (const KalshiGroup* group : groups_.all()) {
    json.begin_object().field("id", group->id).field("contracts_limit_fp", to_text(group->limit));
    json.field("is_auto_cancel_enabled", true).field("exchange_index", group->shard).end_object();
  }
  json.end_array().end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiGroupRoutes::create(const net::ServerRequest& request) {
  const auto wanted = read_group(request.body);
  if (!wanted) return kalshi_refusal(wanted.error());
  const KalshiGroup& group =
      groups_.create(seeded_uuid(shared_.context.seed, kGroupUuids, ++next_), wanted->limit, wanted->shard);
  notice_("created", group.id, group.limit);
  JsonWriter json;
  json.begin_object().field("order_group_id", group.id).field("subaccount", 0);
  json.field("exchange_index", group.shard).end_object();
  return kalshi_json(json.take(), 201);
}

net::ServerResponse KalshiGroupRoutes::get(std::string_view id) {
  const KalshiGroup* group = groups_.find(id);
  if (group == nullptr) return not_found();
  JsonWriter json;
  json.begin_object().field("is_auto_cancel_enabled", true).field("contracts_limit_fp", to_text(group->limit));
  json.key("orders").begin_array();
  for (const std::string& order_id : group->orders) {
    const Order* order = shared_.context.world.find_order(Venue::Kalshi, order_id);
    if (order != nullptr && order->status == OrderStatus::Resting) json.value(order_id);
  }
  json.end_array().field("exchange_index", group->shard).end_object();
  return kalshi_json(json.take());
}

KalshiGroup* KalshiGroupRoutes::on_its_shard(std::string_view id, const net::ServerRequest& request) {
  KalshiQuery query(request, "OrderGroup");
  KalshiGroup* group = groups_.find(id);
  return group != nullptr && group->shard == query.number("exchange_index").value_or(0) ? group : nullptr;
}

net::ServerResponse KalshiGroupRoutes::set_limit(std::string_view id, const net::ServerRequest& request) {
  KalshiGroup* group = on_its_shard(id, request);
  if (group == nullptr) return not_found();
  const auto wanted = read_group(request.body);
  if (!wanted) return kalshi_refusal(wanted.error());
  const bool triggers = groups_.set_limit(*group, wanted->limit, shared_.now());
  notice_("limit_updated", id, wanted->limit);
  if (triggers) cancel_orders(id);
  return done();
}

net::ServerResponse KalshiGroupRoutes::reset(std::string_view id, const net::ServerRequest& request) {
  KalshiGroup* group = on_its_shard(id, request);
  if (group == nullptr) return not_found();
  groups_.reset(*group);
  notice_("reset", id, std::nullopt);
  return done();
}

net::ServerResponse KalshiGroupRoutes::trigger(std::string_view id, const net::ServerRequest& request) {
  KalshiGroup* group = on_its_shard(id, request);
  if (group == nullptr) return not_found();
  group->is_triggered = true;
  cancel_orders(id);
  return done();
}

net::ServerResponse KalshiGroupRoutes::remove(std::string_view id, const net::ServerRequest& request) {
  const KalshiGroup* group = on_its_shard(id, request);
  if (group == nullptr) return not_found();
  for (const std::string& order_id : group->orders) {
    static_cast<void>(shared_.context.world.cancel(Venue::Kalshi, order_id, shared_.now()));
  }
  groups_.remove(id);
  notice_("deleted", id, std::nullopt);
  return done();
}

void KalshiGroupRoutes::cancel_orders(std::string_view id) {
  const KalshiGroup* group = groups_.find(id);
  if (group == nullptr) return;
  for (const std::string& order_id : group->orders) {
    static_cast<void>(shared_.context.world.cancel(Venue::Kalshi, order_id, shared_.now()));
  }
  notice_("triggered", id, std::nullopt);
}

}  // namespace arbees::sim
