#include "sim/kalshi_groups.h"

#include <algorithm>
#include <utility>

namespace arbees::sim {

KalshiGroup& KalshiGroups::create(std::string id, Quantity limit, std::int32_t shard) {
  order_of_creation_.push_back(id);
  return groups_.insert_or_assign(id, KalshiGroup{id, limit, shard, false, {}}).first->second;
}

KalshiGroup* KalshiGroups::find(std::string_view id) {
  const auto it = groups_.find(id);
  return it == groups_.end() ? nullptr : &it->second;
}

bool KalshiGroups::remove(std::string_view id) {
  const auto it = groups_.find(id);
  if (it == groups_.end()) return false;
  std::erase(order_of_creation_, it->first);
  traded_.erase(it->first);
  groups_.erase(it);
  return true;
}

std::vector<const KalshiGroup*> KalshiGroups::all() const {
  std::vector<const KalshiGroup*> list;
  for (const std::string& id : order_of_creation_) list.push_back(&groups_.at(id));
  return list;
}

void KalshiGroups::add_order(KalshiGroup& group, std::string order_id) {
  group_of_order_.insert_or_assign(order_id, group.id);
  group.orders.push_back(std::move(order_id));
}

void KalshiGroups::remove_order(KalshiGroup& group, std::string_view order_id) {
  std::erase(group.orders, order_id);
  if (const auto it = group_of_order_.find(order_id); it != group_of_order_.end()) group_of_order_.erase(it);
}

std::string KalshiGroups::group_of(std::string_view order_id) const {
  const auto it = group_of_order_.find(order_id);
  return it == group_of_order_.end() ? std::string() : it->second;
}

Quantity KalshiGroups::traded_within(const KalshiGroup& group, Timestamp now) {
  std::deque<Traded>& traded = traded_[group.id];
  while (!traded.empty() && traded.front().at <= now - kWindow) traded.pop_front();
  Quantity sum;
  for (const Traded& one : traded) sum += one.quantity;
  return sum;
}

KalshiGroup* KalshiGroups::on_fill(std::string_view order_id, Quantity quantity, Timestamp at) {
  KalshiGroup* group = find(group_of(order_id));
  if (group == nullptr) return nullptr;
  traded_[group->id].push_back({at, quantity});
  if (group->is_triggered || traded_within(*group, at) <= group->limit) return nullptr;
  group->is_triggered = true;
  return group;
}

bool KalshiGroups::set_limit(KalshiGroup& group, Quantity limit, Timestamp now) {
  group.limit = limit;
  if (group.is_triggered || traded_within(group, now) <= limit) return false;
  group.is_triggered = true;
  return true;
}

void KalshiGroups::reset(KalshiGroup& group) {
  group.is_triggered = false;
  traded_.erase(group.id);
}

}  // namespace arbees::sim
