#include "core/risk/event_loss.h"

#include <algorithm>

namespace arbees {

void EventLoss::clear() noexcept {
  items_.clear();
  lost_ = Money{};
}

void EventLoss::add(const ContractTerms& terms, Outcome outcome, Quantity quantity, Money cost, bool is_held) noexcept {
  const auto pays = axis_interval(terms);
  if (!pays || items_.full()) {
    lost_ += cost;
    return;
  }
  const bool pays_inside = (outcome == Outcome::Yes) != (terms.pays_outside != 0);
  items_.push_back(Item{*pays, cost, kPriceOne * quantity, pays_inside, is_held});
}

Money EventLoss::loss_at(const AxisKey& axis, Coordinate value) const noexcept {
  Money loss;
  for (const Item& item : items_) {
    if (item.pays.axis != axis) continue;
    const bool is_inside = item.pays.interval.from <= value && value < item.pays.interval.to;
    const Money lost = item.cost - (is_inside == item.pays_inside ? item.payout : Money{});
    loss += item.is_held ? lost : std::max(lost, Money{});
  }
  return loss;
}

Money EventLoss::worst_on(const AxisKey& axis) const noexcept {
  // What is paid changes only where an interval begins or ends.
  Money worst = loss_at(axis, kMinusInfinity);
  for (const Item& item : items_) {
    if (item.pays.axis != axis) continue;
    worst = std::max(worst, loss_at(axis, item.pays.interval.from));
    if (item.pays.interval.to != kPlusInfinity) worst = std::max(worst, loss_at(axis, item.pays.interval.to));
  }
  return worst;
}

Money EventLoss::worst() const noexcept {
  Money sum = lost_;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const auto is_same = [&](const Item& other) { return other.pays.axis == items_[i].pays.axis; };
    const bool is_first = std::find_if(items_.begin(), items_.end(), is_same) == items_.begin() + i;
    if (is_first) sum += worst_on(items_[i].pays.axis);
  }
  return sum;
}

}  // namespace arbees
