#include "core/simulation/resting_orders.h"

namespace arbees {

RestingOrder* RestingOrders::find(OrderId id) noexcept {
  const auto found =
      std::find_if(orders_.begin(), orders_.end(), [&](const RestingOrder& resting) { return resting.order.id == id; });
  return found == orders_.end() ? nullptr : &*found;
}

void RestingOrders::remove(OrderId id) noexcept {
  std::erase_if(orders_, [&](const RestingOrder& resting) { return resting.order.id == id; });
}

}  // namespace arbees
