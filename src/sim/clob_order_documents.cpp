// How orders are shown: the documents of REST and the events of the user channel.

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/clob_books.h"
#include "sim/clob_orders.h"

namespace arbees::sim {
namespace {

std::string_view status_of(const Order* order, bool is_held) noexcept {
  if (order == nullptr) return is_held ? "DELAYED" : "INVALID";
  switch (order->status) {
    case OrderStatus::Resting: return "LIVE";
    case OrderStatus::Executed: return "MATCHED";
    case OrderStatus::Canceled:
      return order->reason == CancelReason::MarketClosed ? "CANCELED_MARKET_RESOLVED" : "CANCELED";
    case OrderStatus::Expired: return "CANCELED";
  }
  return "INVALID";
}

std::int64_t unix_seconds(Timestamp time) { return unix_ns(time) / 1'000'000'000; }

// What documents and events share.
void write_common(JsonWriter& json, const ClobOrder& order, const Order* known) {
  const CheckedOrder& checked = order.checked;
  json.field("id", checked.id).field("owner", order.owner.api_key).field("market", checked.market->condition_id);
  json.field("asset_id", order.posted.token_id).field("side", checked.side == Side::Buy ? "BUY" : "SELL");
  json.field("original_size", to_short_text(checked.quantity));
  json.field("size_matched", known == nullptr ? "0" : to_short_text(known->filled));
  json.field("price", to_short_text(checked.price)).field("outcome", outcome_name(*checked.market, checked.outcome));
  json.field("maker_address", order.owner.maker_address).field("expiration", std::to_string(order.posted.expiration));
  json.field("order_type", clob_order_type_name(order.posted.type));
  json.key("associate_trades").begin_array();
  for (const std::string& id : order.trade_ids) json.value(id);
  json.end_array();
}

}  // namespace

Timestamp ClobOrders::stated(Timestamp time) const { return time + context_.faults.clock_skew(context_.world.now()); }

std::string ClobOrders::document(const ClobOrder& order) const {
  const Order* known = context_.world.find_order(Venue::Polymarket, order.checked.id);
  JsonWriter json;
  json.begin_object().field("status", status_of(known, order.is_held));
  write_common(json, order, known);
  json.field("created_at", unix_seconds(stated(order.created_at))).end_object();
  return json.take();
}

std::string ClobOrders::event(const ClobOrder& order, std::string_view type) const {
  const Order* known = context_.world.find_order(Venue::Polymarket, order.checked.id);
  JsonWriter json;
  json.begin_object().field("event_type", "order").field("type", type).field("status", status_of(known, order.is_held));
  write_common(json, order, known);
  json.field("order_owner", order.owner.api_key);
  json.field("created_at", std::to_string(unix_seconds(stated(order.created_at))));
  json.field("timestamp", unix_ms_text(stated(known == nullptr ? order.created_at : known->updated_at))).end_object();
  return json.take();
}

void ClobOrders::tell(ClobOrder& order, std::string_view type) {
  const Order* known = context_.world.find_order(Venue::Polymarket, order.checked.id);
  if (known == nullptr) return;
  order.told_filled = known->filled;
  tell_(order.address, order.checked.market->condition_id, event(order, type));
  // A placement may already be over: what was not matched at once is cancelled.
  const bool is_cut = known->status == OrderStatus::Canceled || known->status == OrderStatus::Expired;
  if (is_cut && !order.is_end_told) {
    order.is_end_told = true;
    if (type != "CANCELLATION") {
      tell_(order.address, order.checked.market->condition_id, event(order, "CANCELLATION"));
    }
  }
}

}  // namespace arbees::sim
