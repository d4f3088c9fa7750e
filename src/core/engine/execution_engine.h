#pragma once
// Turns requests into orders and the venues' answers into positions, cash and reports.
//
// Invariants: every order has a reserve (limit × quantity plus its worst fee) from the moment it is
// handed out until its final answer; a request is open until all its orders are final; the same fill
// (order, venue fill id) counts once. When the legs of a request end unequally filled, what has no
// counterpart is sold back once, at no worse than kUnwindSlippage below its limit; the rest is kept
// until settlement, where it counts against the limits like every position.

#include <array>
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

  // Whether all legs of the request have room and a known contract.
  [[nodiscard]] bool can_execute(const ExecutionRequest& request, const Outputs& outputs) const noexcept;
  // One order for each leg of a request that can_execute() allows.
  void execute(const ExecutionRequest& request, const Event& cause, Outputs& outputs);

  void on(const OrderUpdate& update, const Event& cause, Outputs& outputs);
  void on(const ContractSettled& settled, const Event& cause, Outputs& outputs);
  void on(const CashSnapshot& snapshot, const Event& cause, Outputs& outputs);
  void on(const PositionSnapshot& snapshot) noexcept;
  void on(const SessionStarted& started) noexcept { session_ = started.session; }

  [[nodiscard]] std::size_t open_request_count() const noexcept { return open_requests_.size(); }
  [[nodiscard]] std::size_t open_order_count() const noexcept { return open_orders_.size(); }
  // Requests whose orders ended with unequal fills, and those of them whose surplus was sold back in full.
  [[nodiscard]] std::uint64_t broken_count() const noexcept { return broken_; }
  [[nodiscard]] std::uint64_t unwound_count() const noexcept { return unwound_; }
  [[nodiscard]] std::uint64_t request_count() const noexcept { return requests_made_; }
  [[nodiscard]] RequestId next_request_id() noexcept;

 private:
  struct OpenOrder {
    OrderRequest order;
    Money reserve;  // still reserved
    Quantity filled;
    std::uint64_t last_fill_id = 0;
  };
  struct OpenRequest {
    BoundedVector<OrderRequest, kMaxLegs> legs;
    std::array<Quantity, kMaxLegs> filled{};
    std::uint8_t open_orders = 0;
    bool is_unwinding = false;
    bool is_short_of_buyers = false;  // a surplus could not be sold in full
  };

  // The most that selling back may give away against the price paid at worst.
  static constexpr Price kUnwindSlippage = Price::from_units(1000);

  [[nodiscard]] OrderId next_order_id() noexcept;
  void apply_fill(OpenOrder& open, const OrderUpdate& update, const Event& cause, Outputs& outputs);
  void end_order(const OpenOrder& open, const OrderUpdate& update, const Event& cause, Outputs& outputs);
  void send(const OrderRequest& order, Money reserve, const Event& cause, Outputs& outputs);
  // Sells what has no counterpart; false if the legs are even or nothing can be sent.
  bool unwind(OpenRequest& request, const Event& cause, Outputs& outputs);
  void settle(InstrumentId instrument, Price yes_payout, const Event& cause, Outputs& outputs);
  [[nodiscard]] bool has_open_order(InstrumentId instrument) const noexcept;

  const MarketState& market_;
  Portfolio& portfolio_;
  FlatTable<OpenOrder> open_orders_;
  FlatTable<OpenRequest> open_requests_;
  FlatTable<Price> awaited_payouts_;  // of settled contracts that still have open orders
  std::uint64_t session_ = 0;
  std::uint64_t last_order_ = 0;
  std::uint64_t last_request_ = 0;
  std::uint64_t requests_made_ = 0;
  std::uint64_t broken_ = 0;
  std::uint64_t unwound_ = 0;
};

}  // namespace arbees
