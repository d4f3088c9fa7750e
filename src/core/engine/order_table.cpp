#include "core/engine/order_table.h"

#include <algorithm>

namespace arbees {

OrderTable::OrderTable(const Capacity& capacity)
    : open_limit_(capacity.open_orders),
      records_(capacity.open_orders + kRemembered),
      ended_(kRemembered),
      fills_((capacity.open_orders + kRemembered) * kFillsPerOrder) {
  open_.reserve(capacity.open_orders);
  for (std::uint32_t i = 1; i < fills_.size(); ++i) {
    fills_[i].next = free_fill_;
    free_fill_ = i;
  }
}

OrderRecord& OrderTable::add(const OrderRequest& order) noexcept {
  ARBEES_ASSERT(has_room(1));
  OrderRecord* record = records_.insert(order.id.value);
  ARBEES_ASSERT(record != nullptr);
  record->order = order;
  open_.push_back(order.id.value);
  return *record;
}

void OrderTable::end(OrderId id) noexcept {
  const auto position = std::find(open_.begin(), open_.end(), id.value);
  ARBEES_ASSERT(position != open_.end());
  open_.erase(position);
  records_.find(id.value)->is_ended = true;
  if (ended_[next_ended_] != 0) forget(ended_[next_ended_]);
  ended_[next_ended_] = id.value;
  next_ended_ = (next_ended_ + 1) % ended_.size();
}

void OrderTable::forget(std::uint64_t id) noexcept {
  std::uint32_t fill = records_.find(id)->first_fill;
  while (fill != 0) {
    const std::uint32_t next = fills_[fill].next;
    fills_[fill].next = free_fill_;
    free_fill_ = fill;
    fill = next;
  }
  records_.erase(id);
}

FillRecord* OrderTable::find_fill(const OrderRecord& record, std::uint64_t venue_fill_id) noexcept {
  for (std::uint32_t i = record.first_fill; i != 0; i = fills_[i].next) {
    if (fills_[i].venue_fill_id == venue_fill_id) return &fills_[i];
  }
  return nullptr;
}

FillRecord* OrderTable::add_fill(OrderRecord& record, std::uint64_t venue_fill_id) noexcept {
  if (free_fill_ == 0) return nullptr;
  const std::uint32_t fill = free_fill_;
  free_fill_ = fills_[fill].next;
  fills_[fill] = FillRecord{};
  fills_[fill].venue_fill_id = venue_fill_id;
  fills_[fill].next = record.first_fill;
  record.first_fill = fill;
  return &fills_[fill];
}

}  // namespace arbees
