#include "sim/kalshi_orders.h"

#include <utility>
#include <vector>

#include "adapters/telemetry/format.h"
#include "sim/kalshi_error.h"
#include "sim/kalshi_query.h"

namespace arbees::sim {
namespace {

// The space of seeded_uuid() that order ids live in.
constexpr std::uint64_t kOrderUuids = 0x4b4f;

KalshiError not_found() { return kalshi_error_of(Refusal::NotFound); }

// value / quantity in dollars per contract, to the nearest $0.0001.
std::string per_contract(Money value, Quantity quantity) {
  const std::int64_t divisor = quantity.units();
  return format_decimal((value.units() + divisor / 2) / divisor, Price::kDecimals);
}

KalshiRouting query_routing(KalshiQuery& query) {
  KalshiRouting routing;
  routing.ticker = query.text("market_ticker");
  const auto shard = query.number("exchange_index");
  if (shard && *shard >= 0 && *shard < kKalshiShards) routing.shard = static_cast<std::int32_t>(*shard);
  return routing;
}

}  // namespace

std::optional<std::int32_t> KalshiOrders::billed_shard(const KalshiRouting& routing) {
  if (routing.shard || !routing.ticker.empty()) return routing.shard;
  return 0;
}

const Order* KalshiOrders::route(std::string_view order_id, const KalshiRouting& routing) const {
  const World& world = shared_.context.world;
  const Order* order = world.find_order(Venue::Kalshi, order_id);
  if (order == nullptr) return nullptr;
  std::int32_t shard = routing.shard.value_or(0);
  if (!routing.shard && !routing.ticker.empty()) {
    const Market* market = world.find_market(Venue::Kalshi, routing.ticker);
    if (market == nullptr) return nullptr;
    shard = market->exchange_index;
  }
  return world.market(order->market).exchange_index == shard ? order : nullptr;
}

Result<PlacedOrder, KalshiError> KalshiOrders::place(KalshiCreate create) {
  const Market* market = shared_.context.world.find_market(Venue::Kalshi, create.routing.ticker);
  const bool is_there =
      market != nullptr && create.routing.shard.value_or(market->exchange_index) == market->exchange_index;
  if (!is_there) return failure(kalshi_error_of(Refusal::MarketNotFound));
  if (killed_client_ids_.contains(create.order.client_id)) {
    return failure(kalshi_error_of(Refusal::DuplicateClientId));
  }
  create.order.market = market->id;
  create.order.public_id = seeded_uuid(shared_.context.seed, kOrderUuids, ++next_order_);
  acting_client_id_ = create.order.client_id;
  auto placed = place_in_group(create);
  acting_client_id_.clear();
  return placed;
}

Result<PlacedOrder, KalshiError> KalshiOrders::place_in_group(KalshiCreate& create) {
  KalshiGroup* group = groups_.find(create.group_id);
  const World& world = shared_.context.world;
  const bool is_elsewhere = group != nullptr && group->shard != world.market(create.order.market).exchange_index;
  if (is_elsewhere || (group == nullptr && !create.group_id.empty())) {
    return failure(kalshi_invalid("order group not found"));
  }
  if (group != nullptr) {
    if (group->is_triggered) return failure(KalshiError{409, "order_group_triggered", {}, {}});
    groups_.add_order(*group, create.order.public_id);
  }
  auto placed = shared_.context.world.place(Venue::Kalshi, create.order, shared_.now());
  if (placed) return *std::move(placed);
  if (group != nullptr) groups_.remove_order(*group, create.order.public_id);
  const bool was_killed = placed.error() == Refusal::FillOrKillUnfilled;
  if (was_killed && !create.order.client_id.empty()) killed_client_ids_.insert(create.order.client_id);
  return failure(kalshi_error_of(placed.error()));
}

void KalshiOrders::write_placed(JsonWriter& json, const PlacedOrder& placed) const {
  Money cost;
  Money fees;
  Quantity filled;
  for (const Fill& fill : placed.fills) {
    cost += fill.yes_price * fill.quantity;
    fees += fill.fee;
    filled += fill.quantity;
  }
  json.begin_object().field("order_id", placed.order.public_id);
  if (!placed.order.client_id.empty()) json.field("client_order_id", placed.order.client_id);
  json.field("fill_count", to_text(placed.order.filled)).field("remaining_count", to_text(placed.order.remaining));
  if (filled.is_positive()) {
    json.field("average_fill_price", per_contract(cost, filled));
    json.field("average_fee_paid", per_contract(fees, filled));
  }
  json.field("ts_ms", shared_.stated_ms(placed.order.updated_at)).end_object();
}

net::ServerResponse KalshiOrders::create(const net::ServerRequest& request) {
  auto create = read_create(request.body);
  const auto shard = create ? billed_shard(create->routing) : std::optional<std::int32_t>(0);
  if (!limits_.take_order(KalshiLimits::kDefaultCost, shard, request.received_at)) return kalshi_too_many_requests();
  if (!create) return kalshi_refusal(create.error());
  const auto placed = place(*std::move(create));
  if (!placed) return kalshi_refusal(placed.error());
  JsonWriter json;
  write_placed(json, *placed);
  return kalshi_json(json.take(), 201);
}

net::ServerResponse KalshiOrders::cancel(std::string_view order_id, const net::ServerRequest& request) {
  KalshiQuery query(request, "CancelOrderV2");
  const KalshiRouting routing = query_routing(query);
  if (!limits_.take_order(KalshiLimits::kCancelCost, billed_shard(routing), request.received_at)) {
    return kalshi_too_many_requests();
  }
  if (auto mistake = query.mistake()) return *std::move(mistake);
  const Order* order = route(order_id, routing);
  if (order == nullptr) return kalshi_refusal(not_found());
  const auto reduced = shared_.context.world.cancel(Venue::Kalshi, order_id, shared_.now());
  if (!reduced) return kalshi_refusal(kalshi_error_of(reduced.error()));
  JsonWriter json;
  json.begin_object().field("order_id", order_id);
  if (!order->client_id.empty()) json.field("client_order_id", order->client_id);
  json.field("reduced_by", to_text(*reduced)).field("ts_ms", shared_.stated_ms(order->updated_at)).end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiOrders::cancel_all(Timestamp received_at) {
  if (!limits_.take_write(KalshiLimits::kCancelCost, received_at)) return kalshi_too_many_requests();
  shared_.context.world.cancel_all(Venue::Kalshi, shared_.now());
  return kalshi_json({}, 204);
}

net::ServerResponse KalshiOrders::amend(std::string_view order_id, const net::ServerRequest& request) {
  auto amend = read_amend(request.body);
  const auto shard = amend ? billed_shard(amend->routing) : std::optional<std::int32_t>(0);
  if (!limits_.take_order(KalshiLimits::kDefaultCost, shard, request.received_at)) return kalshi_too_many_requests();
  if (!amend) return kalshi_refusal(amend.error());
  const Order* order = route(order_id, amend->routing);
  if (order == nullptr) return kalshi_refusal(not_found());
  const World& world = shared_.context.world;
  if (world.market(order->market).ticker != amend->routing.ticker) {
    return kalshi_refusal({400, "order_ticker_mismatch", {}, {}});
  }
  if (order->book_side != amend->side) return kalshi_refusal({400, "order_side_mismatch", {}, {}});
  if (!amend->client_order_id.empty() && amend->client_order_id != order->client_id) {
    return kalshi_refusal({400, "order_id_and_client_order_id_mismatch", {}, {}});
  }
  const auto amended = shared_.context.world.amend(Venue::Kalshi, order_id, amend->amendment, shared_.now());
  if (!amended) return kalshi_refusal(kalshi_error_of(amended.error()));
  JsonWriter json;
  write_placed(json, *amended);
  return kalshi_json(json.take());
}

net::ServerResponse KalshiOrders::decrease(std::string_view order_id, const net::ServerRequest& request) {
  auto decrease = read_decrease(request.body);
  const auto shard = decrease ? billed_shard(decrease->routing) : std::optional<std::int32_t>(0);
  if (!limits_.take_order(KalshiLimits::kDefaultCost, shard, request.received_at)) return kalshi_too_many_requests();
  if (!decrease) return kalshi_refusal(decrease.error());
  const Order* order = route(order_id, decrease->routing);
  if (order == nullptr || order->status != OrderStatus::Resting) return kalshi_refusal(not_found());
  const Quantity target = decrease->reduce_to ? *decrease->reduce_to : order->remaining - *decrease->reduce_by;
  if (target.is_negative() || target > order->remaining) return kalshi_refusal(kalshi_error_of(Refusal::InvalidSize));
  const auto decreased = shared_.context.world.decrease(Venue::Kalshi, order_id, target, shared_.now());
  if (!decreased) return kalshi_refusal(kalshi_error_of(decreased.error()));
  JsonWriter json;
  json.begin_object().field("order_id", order_id);
  if (!decreased->client_id.empty()) json.field("client_order_id", decreased->client_id);
  json.field("remaining_count", to_text(decreased->remaining));
  json.field("ts_ms", shared_.stated_ms(decreased->updated_at)).end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiOrders::create_batch(const net::ServerRequest& request) {
  auto batch = read_create_batch(request.body);
  const auto count = batch ? static_cast<std::int64_t>(batch->size()) : std::int64_t{1};
  if (!limits_.take_write(KalshiLimits::kDefaultCost * count, request.received_at)) return kalshi_too_many_requests();
  if (!batch) return kalshi_refusal(batch.error());
  JsonWriter json;
  json.begin_object().key("orders").begin_array();
  for (auto& item : *batch) {
    const std::string client_id = item ? item->order.client_id : std::string();
    const auto placed = item ? place(*std::move(item)) : Result<PlacedOrder, KalshiError>(failure(item.error()));
    if (placed) {
      write_placed(json, *placed);
      continue;
    }
    json.begin_object();
    if (!client_id.empty()) json.field("client_order_id", client_id);
    json.key("error").raw(kalshi_error_object(placed.error())).end_object();
  }
  json.end_array().end_object();
  return kalshi_json(json.take(), 201);
}

net::ServerResponse KalshiOrders::cancel_batch(const net::ServerRequest& request) {
  const auto batch = read_cancel_batch(request.body);
  const auto count = batch ? static_cast<std::int64_t>(batch->size()) : std::int64_t{1};
  if (!limits_.take_write(KalshiLimits::kCancelCost * count, request.received_at)) return kalshi_too_many_requests();
  if (!batch) return kalshi_refusal(batch.error());
  JsonWriter json;
  json.begin_object().key("orders").begin_array();
  for (const KalshiCancel& item : *batch) {
    const Order* order = route(item.order_id, item.routing);
    const auto reduced = order == nullptr ? Result<Quantity, Refusal>(failure(Refusal::NotFound))
                                          : shared_.context.world.cancel(Venue::Kalshi, item.order_id, shared_.now());
    json.begin_object().field("order_id", item.order_id);
    if (order != nullptr && !order->client_id.empty()) json.field("client_order_id", order->client_id);
    json.field("reduced_by", to_text(reduced.value_or(Quantity{})));
    if (reduced) {
      json.field("ts_ms", shared_.stated_ms(order->updated_at));
    } else {
      json.key("error").raw(kalshi_error_object(kalshi_error_of(reduced.error())));
    }
    json.end_object();
  }
  json.end_array().end_object();
  return kalshi_json(json.take());
}

}  // namespace arbees::sim
