#pragma once
// Turns requests into orders and the venues' answers into positions, cash and reports.
//
// Invariants: every order has a reserve (limit × quantity plus its worst fee) from the moment it is
// handed out until its final answer; a request is open until all its orders are final; the same fill
// (order, venue fill id) counts once. Halted: nothing new is sent.

#include <cstdint>

#include "core/base/bounded_vector.h"
#include "core/base/flat_table.h"
#include "core/market/market_state.h"
#include "core/market/outputs.h"
#include "core/risk/portfolio.h"

namespace arbees {

class ExecutionEngine {
 public:
  ExecutionEngine(const Capacity& capacity, const MarketState& market, Portfolio& portfolio);

  // One order for each leg of the request; false if there is no room, and nothing is sent then.
  bool execute(const ExecutionRequest& request, const Event& cause, Outputs& outputs);

  void on(const OrderUpdate& update, const Event& cause, Outputs& outputs);
  void on(const ContractSettled& settled, const Event& cause, Outputs& outputs);
  void on(const CashSnapshot& snapshot, const Event& cause, Outputs& outputs);
  void on(const PositionSnapshot& snapshot) noexcept;
  void on(const SessionStarted& started) noexcept { session_ = started.session; }

  [[nodiscard]] std::size_t open_request_count() const noexcept { return open_requests_.size(); }
  [[nodiscard]] std::size_t open_order_count() const noexcept { return open_orders_.size(); }
  // Requests whose orders ended with unequal fills.
  [[nodiscard]] std::uint64_t broken_count() const noexcept { return broken_; }
  [[nodiscard]] std::uint64_t request_count() const noexcept { return requests_made_; }
  [[nodiscard]] RequestId next_request_id() noexcept;

 private:
  struct OpenOrder {
    OrderRequest order;
    Money reserve;    // still reserved
    Quantity filled;
    std::uint64_t last_fill_id = 0;
  };
  struct OpenRequest {
    std::uint8_t open_legs = 0;
    std::uint8_t leg_count = 0;
    Quantity least_filled;
    Quantity most_filled;
  };

  void apply_fill(OpenOrder& open, const OrderUpdate& update, const Event& cause, Outputs& outputs);
  void end_order(const OpenOrder& open, const OrderUpdate& update, const Event& cause, Outputs& outputs);
  void settle(const Contract& contract, Outcome outcome, Price payout, const Event& cause, Outputs& outputs);

  const MarketState& market_;
  Portfolio& portfolio_;
  FlatTable<OpenOrder> open_orders_;
  FlatTable<OpenRequest> open_requests_;
  std::uint64_t session_ = 0;
  std::uint64_t last_order_ = 0;
  std::uint64_t last_request_ = 0;
  std::uint64_t requests_made_ = 0;
  std::uint64_t broken_ = 0;
};

}  // namespace arbees
