#pragma once
// Kalshi's reads of the account: balance, orders, fills, positions, settlements.
//
// All cash lies on the shard that crypto trades on. Lists are newest first.

#include <cstdint>
#include <set>
#include <string_view>

#include "adapters/net/http_server.h"
#include "adapters/telemetry/json.h"
#include "sim/kalshi_groups.h"
#include "sim/kalshi_text.h"

namespace arbees::sim {

[[nodiscard]] std::string_view kalshi_order_status(OrderStatus status) noexcept;
[[nodiscard]] std::string_view self_trade_name(SelfTrade self_trade) noexcept;

class KalshiPortfolio {
 public:
  KalshiPortfolio(const KalshiShared& shared, const KalshiGroups& groups) : shared_(shared), groups_(groups) {}

  // A fill that the venue reports late is in no list until it is shown.
  void hide_fill(std::uint64_t number) { hidden_fills_.insert(number); }
  void show_fill(std::uint64_t number) { hidden_fills_.erase(number); }

  [[nodiscard]] net::ServerResponse balance(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse positions(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse fills(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse settlements(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse orders(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse order(std::string_view order_id) const;
  [[nodiscard]] net::ServerResponse queue_position(std::string_view order_id) const;
  [[nodiscard]] net::ServerResponse queue_positions(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse resting_order_value() const;
  [[nodiscard]] net::ServerResponse subaccount_balances() const;

 private:
  [[nodiscard]] const Market& market(MarketId id) const { return shared_.context.world.market(id); }
  void write_order(JsonWriter& json, const Order& order) const;
  void write_fill(JsonWriter& json, const Fill& fill) const;
  void write_shard_balances(JsonWriter& json, Money amount) const;

  const KalshiShared& shared_;
  const KalshiGroups& groups_;
  std::set<std::uint64_t> hidden_fills_;
};

}  // namespace arbees::sim
