#pragma once
// Order groups: a limit on what a group of orders may trade within fifteen seconds.
//
// When the fills of the last fifteen seconds exceed the limit, every resting order of the group is cancelled and
// new ones are refused until the group is reset. A group lives on one shard. The groups only keep count; who cancels
// is their user.

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/market/values.h"

namespace arbees::sim {

struct KalshiGroup {
  std::string id;
  Quantity limit;
  std::int32_t shard = 0;
  bool is_triggered = false;
  std::vector<std::string> orders;  // public ids of all that were ever placed in it
};

class KalshiGroups {
 public:
  static constexpr Duration kWindow = std::chrono::seconds(15);

  KalshiGroup& create(std::string id, Quantity limit, std::int32_t shard);
  [[nodiscard]] KalshiGroup* find(std::string_view id);
  bool remove(std::string_view id);
  // In order of creation.
  [[nodiscard]] std::vector<const KalshiGroup*> all() const;

  void add_order(KalshiGroup& group, std::string order_id);
  // The order was refused after all.
  void remove_order(KalshiGroup& group, std::string_view order_id);
  // Empty if the order is in none.
  [[nodiscard]] std::string group_of(std::string_view order_id) const;

  // A fill of an order. Returns the group if this fill triggered it, nullptr otherwise.
  KalshiGroup* on_fill(std::string_view order_id, Quantity quantity, Timestamp at);
  // True, and triggered, if what was traded within the window is above the new limit.
  bool set_limit(KalshiGroup& group, Quantity limit, Timestamp now);
  // Forgets what was traded and accepts orders again.
  void reset(KalshiGroup& group);

 private:
  [[nodiscard]] Quantity traded_within(const KalshiGroup& group, Timestamp now);

  struct Traded {
    Timestamp at;
    Quantity quantity;
  };

  std::vector<std::string> order_of_creation_;
  std::map<std::string, KalshiGroup, std::less<>> groups_;
  std::map<std::string, std::deque<Traded>, std::less<>> traded_;
  std::map<std::string, std::string, std::less<>> group_of_order_;
};

}  // namespace arbees::sim
