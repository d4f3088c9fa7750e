#include "app/running/live_gateways.h"

#include <algorithm>
#include <utility>

namespace arbees::app {

void LiveGateways::add(Venue venue, std::unique_ptr<OrderGateway> gateway) {
  gateways_.push_back({venue, std::move(gateway)});
}

OrderGateway* LiveGateways::find(Venue venue) noexcept {
  for (const Place& place : gateways_) {
    if (place.venue == venue) return place.gateway.get();
  }
  return nullptr;
}

void LiveGateways::start() {
  for (const Place& place : gateways_) place.gateway->start();
}

void LiveGateways::tick(Timestamp now) {
  for (const Place& place : gateways_) place.gateway->tick(now);
}

void LiveGateways::stop() {
  for (const Place& place : gateways_) place.gateway->stop();
}

void LiveGateways::learn(const Event& event) {
  for (const Place& place : gateways_) place.gateway->learn(event);
}

void LiveGateways::cancel_all() {
  for (const Place& place : gateways_) place.gateway->cancel_all();
}

void LiveGateways::resume() {
  for (const Place& place : gateways_) place.gateway->resume();
}

bool LiveGateways::is_stopped() const {
  return std::all_of(gateways_.begin(), gateways_.end(),
                     [](const Place& place) { return place.gateway->is_stopped(); });
}

// A venue that we have no account on: nothing was sent.
void LiveGateways::refuse(const OrderCommand& command, Timestamp now) {
  if (command.action != OrderAction::Submit) return;
  OrderUpdate update;
  update.id = command.order.id;
  update.instrument = command.order.instrument;
  update.state = OrderState::Rejected;
  update.reason = RejectReason::NotSent;
  Event event;
  event.received_at = now;
  event.body = update;
  on_event(event);
}

void LiveGateways::deliver(const Event& cause, const Outputs& outputs) {
  for (const OrderCommand& command : outputs.orders) {
    OrderGateway* const gateway = find(command.order.venue);
    if (gateway == nullptr) {
      refuse(command, cause.received_at);
      continue;
    }
    switch (command.action) {
      case OrderAction::Submit: gateway->submit({command.order, cause.received_at}); break;
      case OrderAction::Cancel: gateway->cancel(command.order.id); break;
      case OrderAction::Query: gateway->query(command.order.id); break;
    }
  }
}

void LiveGateways::on_event(const Event& event) { told_.emplace_back(event); }

void LiveGateways::on_fill_named(OrderId order, std::uint64_t venue_fill_id, std::string_view name) {
  told_.emplace_back(FillName{order, venue_fill_id, std::string(name)});
}

bool LiveGateways::flush(FeedSink& sink, Ledger* ledger) {
  const auto told = std::exchange(told_, {});
  for (const auto& item : told) {
    if (const auto* event = std::get_if<Event>(&item)) {
      sink.on_event(*event);
    } else if (ledger != nullptr) {
      const auto& name = std::get<FillName>(item);
      (void)ledger->name_fill(name.order, name.id, name.name);  // the ledger remembers its own failure
    }
  }
  return !told.empty();
}

bool LiveGateways::is_ready() const {
  return std::all_of(gateways_.begin(), gateways_.end(),
                     [](const Place& place) { return place.gateway->health().is_ready; });
}

std::size_t LiveGateways::open_orders() const {
  std::size_t count = 0;
  for (const Place& place : gateways_) count += place.gateway->open_orders();
  return count;
}

std::vector<GatewayHealth> LiveGateways::health() const {
  std::vector<GatewayHealth> all;
  for (const Place& place : gateways_) all.push_back(place.gateway->health());
  return all;
}

}  // namespace arbees::app
