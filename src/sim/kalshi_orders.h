#pragma once
// Kalshi's order entry (V2): create, cancel, amend, decrease, batches, cancel all.
//
// An order call reaches an order only on its shard: named, or found by the ticker it states, else shard 0 – where
// no crypto order is (404). A client order id stands for one order for ever, a killed fill-or-kill included.

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "adapters/net/http_server.h"
#include "adapters/telemetry/json.h"
#include "sim/kalshi_groups.h"
#include "sim/kalshi_limits.h"
#include "sim/kalshi_order_request.h"
#include "sim/kalshi_text.h"

namespace arbees::sim {

class KalshiOrders {
 public:
  KalshiOrders(const KalshiShared& shared, KalshiGroups& groups, KalshiLimits& limits)
      : shared_(shared), groups_(groups), limits_(limits) {}

  [[nodiscard]] net::ServerResponse create(const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse cancel(std::string_view order_id, const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse cancel_all(Timestamp received_at);
  [[nodiscard]] net::ServerResponse amend(std::string_view order_id, const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse decrease(std::string_view order_id, const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse create_batch(const net::ServerRequest& request);
  [[nodiscard]] net::ServerResponse cancel_batch(const net::ServerRequest& request);

  // The client id of the order that is being placed right now; empty at all other times.
  [[nodiscard]] std::string_view acting_client_id() const noexcept { return acting_client_id_; }

 private:
  [[nodiscard]] Result<PlacedOrder, KalshiError> place(KalshiCreate create);
  [[nodiscard]] Result<PlacedOrder, KalshiError> place_in_group(KalshiCreate& create);
  // The order, if it is on the shard that the call goes to.
  [[nodiscard]] const Order* route(std::string_view order_id, const KalshiRouting& routing) const;
  // The bucket that a single order call bills.
  [[nodiscard]] static std::optional<std::int32_t> billed_shard(const KalshiRouting& routing);
  void write_placed(JsonWriter& json, const PlacedOrder& placed) const;

  const KalshiShared& shared_;
  KalshiGroups& groups_;
  KalshiLimits& limits_;
  std::set<std::string, std::less<>> killed_client_ids_;
  std::string acting_client_id_;
  std::uint64_t next_order_ = 0;
};

}  // namespace arbees::sim
