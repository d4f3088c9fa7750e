// The part of the execution engine that sells everything. docs/execution.md says how it ends.

#include <algorithm>
#include <array>

#include "core/base/hash.h"
#include "core/engine/execution_engine.h"

namespace arbees {
namespace {

// How long an order that sells may travel before the venue must refuse it.
constexpr Duration kSaleLifetime = std::chrono::seconds(2);
// How often what is left is looked at.
constexpr Duration kLookAgainAfter = std::chrono::milliseconds(100);
// A sale that found nobody is tried again after this time, then after twice as long.
constexpr Duration kFirstPause = std::chrono::milliseconds(500);
constexpr Duration kLongestPause = std::chrono::seconds(8);
// Sales that are out at a venue at a time: with more its limit of orders per second would refuse some, and many
// refusals halt. Those in doubt do not count: they may stay so for long.
constexpr std::size_t kMostSales = 8;

std::uint64_t key_of(InstrumentId instrument, Outcome outcome) noexcept {
  const std::uint64_t key = mix64(instrument.value, static_cast<std::uint64_t>(outcome) + 1);
  return key == 0 ? 1 : key;
}

Detector detector_of(Strategy strategy) noexcept {
  if (strategy == Strategy::Basis) return Detector::Basis;
  return strategy == Strategy::Model ? Detector::ModelEdge : Detector::SameMarket;
}

}  // namespace

void ExecutionEngine::flatten(const Event& cause) noexcept {
  ARBEES_ASSERT(state_ == TradingState::Reducing);
  if (!is_flattening_) {
    is_flattening_ = true;
    flattened_ = {};
    ++flattens_;
  }
  wake_at(cause.received_at);
}

ExecutionEngine::SaleMemory* ExecutionEngine::sale_memory(InstrumentId instrument, Outcome outcome) noexcept {
  SaleMemory* memory = sales_.insert(key_of(instrument, outcome));
  if (memory != nullptr && memory->flatten != flattens_) *memory = {.flatten = flattens_};
  return memory;
}

// What of a position there is to sell. Where the venue pays pairs at once, the pair is cash already, and selling one of
// them would open the other.
Quantity ExecutionEngine::free_of(const Position& position) const noexcept {
  Quantity free = position.quantity;
  if (pays_pairs_at_once(position.venue)) {
    const Outcome other = position.outcome == Outcome::Yes ? Outcome::No : Outcome::Yes;
    const Position* pair = portfolio_.find(position.instrument, other);
    if (pair != nullptr && pair->quantity.is_positive()) free -= pair->quantity;
  }
  return free;
}

PositionSale ExecutionEngine::sale_of(const Position& position, Timestamp now) const noexcept {
  PositionSale sale;
  const bool is_out = std::any_of(orders_.open().begin(), orders_.open().end(), [&](std::uint64_t id) {
    const OrderRequest& order = orders_.find(OrderId{id})->order;
    return order.instrument == position.instrument && order.outcome == position.outcome;
  });
  if (is_out) {
    sale.hold = SaleHold::UnderWay;
    return sale;
  }
  if (awaited_fills_.find(position.instrument.value) != nullptr) {
    sale.hold = SaleHold::AwaitsSettlement;
    return sale;
  }
  SaleTask task;
  task.free = free_of(position);
  task.now = now;
  task.budget = limits().unwind_budget;
  const SaleMemory* memory = sales_.find(key_of(position.instrument, position.outcome));
  if (memory != nullptr && memory->flatten == flattens_) task.budget -= memory->lost;
  if (!task.free.is_positive()) {
    sale.hold = SaleHold::Netted;
    return sale;
  }
  return plan_sale(position, task, market_.find(position.instrument), limits());
}

void ExecutionEngine::forget_sales(InstrumentId instrument) noexcept {
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) sales_.erase(key_of(instrument, outcome));
}

void ExecutionEngine::sell_positions(const Event& cause, Outputs& outputs) {
  const Timestamp now = cause.received_at;
  wake_at(now + kLookAgainAfter);
  std::array<std::size_t, kVenueCount> out{};
  for (const std::uint64_t id : orders_.open()) {
    const OrderRecord& record = *orders_.find(OrderId{id});
    const bool counts = record.order.side == Side::Sell && record.state != OrderState::Unknown;
    if (counts) ++out[static_cast<std::size_t>(record.order.venue)];
  }
  portfolio_.for_each([&](const Position& position) {
    std::size_t& at_venue = out[static_cast<std::size_t>(position.venue)];
    if (!position.quantity.is_positive() || at_venue >= kMostSales) return;
    if (outputs.orders.full() || !has_room(outputs) || !orders_.has_room(1)) return wake_at(now);
    const SaleMemory* memory = sale_memory(position.instrument, position.outcome);
    if (memory == nullptr || now < memory->not_before) return;
    const PositionSale sale = sale_of(position, now);
    if (sale.hold != SaleHold::None) return;
    sell(position, sale, cause, outputs);
    ++at_venue;
  });
}

void ExecutionEngine::sell(const Position& position, const PositionSale& sale, const Event& cause, Outputs& outputs) {
  OrderRequest order;
  order.id = OrderId{(session_ << 32) | ++last_order_};
  order.instrument = position.instrument;
  order.limit = sale.limit;
  order.quantity = sale.quantity;
  order.deadline = cause.received_at + kSaleLifetime;
  order.venue = position.venue;
  order.asset = position.asset;
  order.outcome = position.outcome;
  order.side = Side::Sell;
  ++flattened_.orders;
  send(order, detector_of(position.strategy), Money{}, cause, outputs);
}

void ExecutionEngine::note_sale(const OrderRequest& order, const FillRecord& fill, bool is_reverted,
                                Timestamp now) noexcept {
  if (order.side != Side::Sell) return;
  const std::int64_t sign = is_reverted ? -1 : 1;
  const Money proceeds = fill.price * fill.quantity - fill.fee;
  if (!is_reverted) static_cast<void>(take_from_requests(order, fill.quantity, now));
  flattened_.sold += fill.quantity * sign;
  flattened_.proceeds += proceeds * sign;
  flattened_.cost += fill.sold_cost * sign;
  SaleMemory* memory = sale_memory(order.instrument, order.outcome);
  if (memory != nullptr) memory->lost += (fill.sold_cost - proceeds) * sign;
}

void ExecutionEngine::sale_ended(const OrderRequest& order, Quantity filled, Timestamp now) noexcept {
  SaleMemory* memory = sale_memory(order.instrument, order.outcome);
  if (memory == nullptr) return;
  const Duration longer = std::min(std::max(memory->back_off * 2, kFirstPause), kLongestPause);
  memory->back_off = filled.is_positive() ? Duration{} : longer;
  memory->not_before = now + memory->back_off;
}

}  // namespace arbees
