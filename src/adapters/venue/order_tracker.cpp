#include "adapters/venue/order_tracker.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/telemetry/format.h"

namespace arbees {
namespace {

// The stream normally tells before this; then the venue is asked, ever more rarely.
constexpr Duration kFirstLook = std::chrono::milliseconds(250);
constexpr Duration kLongestPause = std::chrono::seconds(2);
// Before, the engine does not believe that an order in doubt never arrived (core/engine/execution_engine.cpp); it would
// ask on, and an end is told once.
constexpr Duration kAbsenceGuarantee = std::chrono::seconds(5);
// A resting order is looked at even if nothing is heard of it: a frame may have been lost.
constexpr Duration kRestingLook = std::chrono::seconds(15);
// Closed orders are kept for what is told late about their fills.
constexpr std::size_t kClosedKept = 4096;

}  // namespace

TrackedOrder& OrderTracker::add(const GatewayOrder& order, std::string_view symbol, std::string key) {
  auto& slot = orders_[order.order.id.value];
  if (slot != nullptr) return *slot;
  slot = std::make_unique<TrackedOrder>();
  slot->sent = order;
  slot->symbol = std::string(symbol);
  slot->key = std::move(key);
  by_key_[slot->key] = slot.get();
  ++open_;
  return *slot;
}

TrackedOrder* OrderTracker::find(OrderId id) {
  const auto found = orders_.find(id.value);
  return found == orders_.end() ? nullptr : found->second.get();
}

TrackedOrder* OrderTracker::find_key(std::string_view key) {
  const auto found = by_key_.find(std::string(key));
  return found == by_key_.end() ? nullptr : found->second;
}

TrackedOrder* OrderTracker::find_venue_id(std::string_view id) {
  const auto found = by_venue_id_.find(std::string(id));
  return found == by_venue_id_.end() ? nullptr : found->second;
}

void OrderTracker::set_venue_id(TrackedOrder& order, std::string_view id) {
  if (id.empty() || !order.venue_id.empty()) return;
  order.venue_id = std::string(id);
  by_venue_id_[order.venue_id] = &order;
}

void OrderTracker::set_key(TrackedOrder& order, const std::string& key) {
  if (order.key == key) return;
  by_key_.erase(order.key);
  order.key = key;
  by_key_[key] = &order;
}

void OrderTracker::expect_news(TrackedOrder& order, Timestamp now) {
  if (!order.is_closed && !order.end && order.look_at == Timestamp::max()) look_after(order, kFirstLook, now);
}

void OrderTracker::look_after(TrackedOrder& order, Duration pause, Timestamp now) noexcept {
  order.look_at = now + pause;
}

void OrderTracker::tell(TrackedOrder& order, OrderUpdate update, Timestamp now, Timestamp venue_time) {
  update.id = order.order().id;
  update.instrument = order.order().instrument;
  update.filled_total = order.filled;
  Event event;
  event.received_at = now;
  event.exchange_at = venue_time;
  event.body = update;
  sink_.on_event(event);
}

void OrderTracker::rest(TrackedOrder& order, Quantity filled, Timestamp now) {
  if (order.is_closed || order.end) return;
  const bool was_lost = order.state == OrderState::Unknown;
  order.looks = order.misses = 0;
  order.missing_since = kNoTime;
  if (order.state != OrderState::Resting) {
    order.state = OrderState::Resting;
    if (was_lost) ++counts_.resolved;
    OrderUpdate update;
    update.state = OrderState::Resting;
    tell(order, update, now);
  }
  look_after(order, kRestingLook, now);
  count_filled(order, filled, now);
}

void OrderTracker::count_filled(TrackedOrder& order, Quantity filled, Timestamp now) {
  order.stated_filled = std::max(order.stated_filled, filled);
  if (order.is_closed) return;
  if (order.filled < order.stated_filled) look_after(order, kFirstLook, now);
}

bool OrderTracker::is_complete(const TrackedOrder& order) noexcept {
  return order.end.has_value() && order.filled >= order.stated_filled;
}

OrderState OrderTracker::end_state(const TrackedOrder& order) noexcept {
  if (order.filled >= order.order().quantity) return OrderState::Filled;
  return order.filled.is_positive() ? OrderState::PartlyFilled : order.end->state;
}

void OrderTracker::close(TrackedOrder& order) {
  order.is_closed = true;
  order.look_at = Timestamp::max();
  order.state = end_state(order);
  --open_;
  closed_.push_back(order.order().id.value);
  if (closed_.size() <= kClosedKept) return;
  const auto oldest = orders_.find(closed_.front());
  closed_.pop_front();
  by_key_.erase(oldest->second->key);
  by_venue_id_.erase(oldest->second->venue_id);
  orders_.erase(oldest);
}

void OrderTracker::close_if_complete(TrackedOrder& order, Timestamp now) {
  if (order.is_closed || !is_complete(order)) return;
  if (order.state == OrderState::Unknown) ++counts_.resolved;
  OrderUpdate update;
  update.state = end_state(order);
  update.reason = update.state == OrderState::Filled ? RejectReason::None : order.end->reason;
  tell(order, update, now);
  close(order);
}

void OrderTracker::end(TrackedOrder& order, const OrderEnd& how, Quantity filled, Timestamp now) {
  if (order.is_closed) return;
  order.stated_filled = std::max(order.stated_filled, filled);
  if (!order.end) {
    order.end = how;
    order.looks = 0;
    look_after(order, kFirstLook, now);
  }
  close_if_complete(order, now);
}

void OrderTracker::reject(TrackedOrder& order, RejectReason reason, Timestamp now) {
  // Something the venue has filled was not rejected, whatever an answer says.
  if (order.is_closed || order.end || order.filled.is_positive()) return;
  end(order, {OrderState::Rejected, reason}, Quantity{}, now);
}

void OrderTracker::lose(TrackedOrder& order, Timestamp now) {
  if (order.is_closed || order.end || order.state != OrderState::Pending) return;
  order.state = OrderState::Unknown;
  ++counts_.lost_answers;
  OrderUpdate update;
  update.state = OrderState::Unknown;
  tell(order, update, now);
  order.looks = 0;
  look_after(order, Duration::zero(), now);
}

bool OrderTracker::miss(TrackedOrder& order, Duration grace, Timestamp now) {
  if (order.is_closed) return false;
  if (order.missing_since == kNoTime) order.missing_since = now;
  const Timestamp told_at = std::max(order.sent.submitted_at + grace, order.order().deadline + kAbsenceGuarantee);
  const Timestamp proven = std::max(order.missing_since, told_at);
  if (++order.misses < 2 || now < proven) return false;
  const bool was_lost = order.state == OrderState::Unknown;
  reject(order, RejectReason::NotSent, now);
  if (was_lost && !order.is_closed) look_after(order, kLongestPause, now);
  return order.is_closed;
}

void OrderTracker::repeat_end(TrackedOrder& order, Timestamp now) {
  if (!order.is_closed) return;
  OrderUpdate update;
  update.state = order.state;
  if (order.end && order.state != OrderState::Filled) update.reason = order.end->reason;
  tell(order, update, now);
}

void OrderTracker::fill(TrackedOrder& order, const ToldFill& told, Timestamp now) {
  const auto is_same = [&](const TrackedFill& known) { return known.name == told.name; };
  if (!told.quantity.is_positive() || std::any_of(order.fills.begin(), order.fills.end(), is_same)) return;
  const std::uint64_t id = order.fills.empty() ? 1 : order.fills.back().id + 1;
  order.fills.push_back({id, std::string(told.name), told.quantity, FillFinality::Matched});
  order.filled += told.quantity;
  order.stated_filled = std::max(order.stated_filled, order.filled);
  order.looks = 0;
  ++counts_.fills;
  sink_.on_fill_named(order.order().id, id, told.name);
  // All of it: there is nothing left that could still change.
  if (!order.end && order.filled >= order.order().quantity) order.end = OrderEnd{OrderState::Filled, {}};
  const bool ends = !order.is_closed && is_complete(order);
  OrderUpdate update;
  update.venue_fill_id = id;
  update.fill_price = told.price;
  update.fill_quantity = told.quantity;
  update.fee = told.fee;
  update.is_taker = told.is_taker ? 1 : 0;
  const bool rests = order.state == OrderState::Resting;
  update.state = rests ? OrderState::Resting : OrderState::Pending;
  if (ends || order.is_closed) update.state = end_state(order);
  if (update.state != OrderState::Filled && is_final(update.state)) update.reason = order.end->reason;
  if (ends && order.state == OrderState::Unknown) ++counts_.resolved;
  if (!ends && !order.is_closed && order.state == OrderState::Unknown) update.state = OrderState::Unknown;
  tell(order, update, now, told.at);
  if (ends) close(order);
}

void OrderTracker::settle(TrackedOrder& order, std::string_view fill_name, FillFinality finality, Timestamp now) {
  for (TrackedFill& known : order.fills) {
    if (known.name != fill_name || known.finality >= finality || known.finality == FillFinality::Confirmed) continue;
    known.finality = finality;
    if (finality == FillFinality::Failed) ++counts_.failed_fills;
    FillFinalityChanged changed;
    changed.id = order.order().id;
    changed.venue_fill_id = known.id;
    changed.finality = finality;
    Event event;
    event.received_at = now;
    event.body = changed;
    sink_.on_event(event);
  }
}

std::vector<TrackedOrder*> OrderTracker::due(Timestamp now) {
  std::vector<TrackedOrder*> all;
  for (const auto& [id, order] : orders_) {
    if (order->is_closed || order->is_asked || order->look_at > now) continue;
    all.push_back(order.get());
  }
  return all;
}

void OrderTracker::asked(TrackedOrder& order, Timestamp now) {
  order.is_asked = false;
  if (order.is_closed) return;
  const bool is_quiet = order.state == OrderState::Resting && !order.end && order.filled >= order.stated_filled;
  if (is_quiet) return look_after(order, kRestingLook, now);
  const Duration pause = kFirstLook * (1 << std::min(order.looks++, 3));
  look_after(order, std::min(pause, kLongestPause), now);
}

void OrderTracker::ask_all(Timestamp now) {
  for (const auto& [id, order] : orders_) {
    // Answers that are under way say what became of a Pending order.
    if (!order->is_closed && order->state != OrderState::Pending) order->look_at = std::min(order->look_at, now);
  }
}

std::vector<TrackedOrder*> OrderTracker::open() {
  std::vector<TrackedOrder*> all;
  for (const auto& [id, order] : orders_) {
    if (!order->is_closed) all.push_back(order.get());
  }
  return all;
}

std::string OrderTracker::describe_open() const {
  std::string text;
  for (const auto& [id, order] : orders_) {
    if (order->is_closed) continue;
    text += fmt::format("{} {} of {} in {}: {} of {} contracts known", venue_name(order->order().venue), order->key,
                        order->order().side == Side::Buy ? "buy" : "sell", order->symbol, to_short_text(order->filled),
                        to_short_text(order->order().quantity));
    if (order->stated_filled > order->filled)
      text += fmt::format(", {} counted by the venue", to_short_text(order->stated_filled));
    if (order->misses > 0) text += fmt::format(", {} times not known to the venue", order->misses);
    text += order->end ? ", ended" : order->state == OrderState::Resting ? ", resting" : ", end unknown";
    text += order->is_asked ? ", asked; " : "; ";
  }
  return text;
}

std::size_t OrderTracker::unknown_count() const noexcept {
  return static_cast<std::size_t>(std::count_if(orders_.begin(), orders_.end(), [](const auto& entry) {
    return !entry.second->is_closed && entry.second->state == OrderState::Unknown;
  }));
}

}  // namespace arbees
