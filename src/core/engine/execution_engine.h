#pragma once
// Turns requests into orders and the venues' answers into positions, cash and reports.
//
// Invariants: a request keeps aside what its legs may cost until it has ended, an order (limit × quantity
// plus its worst fee) until its fate is known; an order whose fate is unknown is asked about, never sent
// again; the same fill (order, venue fill id) counts once. A fill that comes after its order's end is taken
// in, and one that fails to settle is undone; both open their request anew. While halted nothing is sent but
// cancels and queries. What is sent next for a request is leg_engine.h's to say. docs/execution.md has the
// life of an order and of a request.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/flat_table.h"
#include "core/engine/leg_engine.h"
#include "core/engine/order_table.h"
#include "core/engine/position_sale.h"
#include "core/market/market_state.h"
#include "core/market/outputs.h"
#include "core/risk/portfolio.h"
#include "core/risk/rate_window.h"
#include "core/risk/risk_gate.h"

namespace arbees {

class ExecutionEngine {
 public:
  ExecutionEngine(const Capacity& capacity, const MarketState& market, Portfolio& portfolio, const RiskGate& gate);

  // Whether the request has room, known contracts and fits the limits now.
  [[nodiscard]] bool can_execute(const ExecutionRequest& request, const Outputs& outputs) const noexcept;
  // Begins a request that can_execute() allows.
  void execute(const ExecutionRequest& request, const Event& cause, Outputs& outputs);

  void on(const OrderUpdate& update, const Event& cause, Outputs& outputs);
  void on(const FillFinalityChanged& changed, const Event& cause, Outputs& outputs);
  void on(const ContractSettled& settled, const Event& cause, Outputs& outputs);
  void on(const CashSnapshot& snapshot, const Event& cause, Outputs& outputs);
  void on(const ContractListed& listed) noexcept;
  void on(const PositionSnapshot& snapshot) noexcept;
  // Results of earlier sessions; limits are the gate's.
  void on(const LimitSet& set, Timestamp now);
  void on(const SessionStarted& started) noexcept { session_ = started.session; }

  // Halted: every open order is cancelled, nothing is sent. Reducing: no request begins, resting purchases are
  // cancelled; open requests are completed or unwound.
  void set_state(TradingState state, const Event& cause, Outputs& outputs);
  // Sells all positions, until another state is set: what the bids of proven books give, by orders that belong to no
  // request, again and again. Open requests buy nothing more. Only while trading is Reducing.
  void flatten(const Event& cause) noexcept;
  [[nodiscard]] bool is_flattening() const noexcept { return is_flattening_; }

  // What became of the latest flatten().
  struct Flattened {
    std::uint64_t orders = 0;
    Quantity sold;
    Money proceeds;  // after fees
    Money cost;      // of what was sold
  };
  [[nodiscard]] const Flattened& flattened() const noexcept { return flattened_; }
  // visit(position, hold): why what is left of each open position is not being sold now.
  template <class Visit>
  void for_each_held(Timestamp now, Visit&& visit) const {
    portfolio_.for_each([&](const Position& position) {
      if (position.quantity.is_positive()) visit(position, sale_of(position, now).hold);
    });
  }

  // What is due because time has passed: doubts, queries, retries. Called with every event at or after this time.
  [[nodiscard]] Timestamp next_work_at() const noexcept { return next_work_at_; }
  void advance(const Event& cause, Outputs& outputs);

  // Why trading must halt, once for each cause; Unstated if it need not.
  [[nodiscard]] ControlReason take_trouble() noexcept;

  // An order of an earlier session whose fate is not known, with the fills that the books have of it already: it
  // is asked about like any other. For reconciliation before a session, not within one.
  void restore(const OrderRequest& order, Timestamp now);
  void restore_fill(OrderId order, std::uint64_t venue_fill_id, Quantity quantity);

  [[nodiscard]] std::size_t open_request_count() const noexcept { return open_requests_; }
  [[nodiscard]] std::size_t open_order_count() const noexcept { return orders_.open_count(); }
  // Requests that ended with something sold back or kept, and those of them of which nothing is kept.
  [[nodiscard]] std::uint64_t broken_count() const noexcept { return broken_; }
  [[nodiscard]] std::uint64_t unwound_count() const noexcept { return unwound_; }
  [[nodiscard]] std::uint64_t request_count() const noexcept { return requests_made_; }
  // What the UTC day of `now` has brought so far, and the limits in force.
  [[nodiscard]] Money result_of_day(Timestamp now) const noexcept;
  // It has once been as bad as limits.max_daily_loss: what comes back does not count, a higher limit does.
  [[nodiscard]] bool is_day_lost(Timestamp now) const noexcept;
  [[nodiscard]] const RiskLimits& limits() const noexcept { return gate_.limits(); }
  [[nodiscard]] RequestId next_request_id() noexcept { return RequestId{(session_ << 32) | ++last_request_}; }

 private:
  struct RequestRecord {
    LegStates legs;
    std::uint64_t opportunity_id = 0;
    Money guaranteed;
    Timestamp deadline = kNoTime;
    Timestamp naked_since = kNoTime;
    Duration naked_time{};
    Money naked_loss;
    Money unwind_cost;
    Money slippage;
    std::int64_t rounds = 0;
    std::uint32_t orders = 0;
    std::uint32_t open_orders = 0;
    Detector detector = Detector::SameMarket;
    bool has_sold = false;
    bool is_done = false;
    bool was_broken = false;
    bool was_unwound = false;
  };

  // Orders (execution_engine.cpp).
  void send(const OrderRequest& order, Detector detector, Money reserve, const Event& cause, Outputs& outputs);
  [[nodiscard]] bool take_fill(OrderRecord& record, const OrderUpdate& update, const Event& cause, Outputs& outputs);
  void revert_fill(OrderRecord& record, FillRecord& fill, const Event& cause, Outputs& outputs);
  void take_state(OrderRecord& record, const OrderUpdate& update, const Event& cause, Outputs& outputs);
  void end_order(OrderRecord& record, const Event& cause, Outputs& outputs);
  void report_end(const OrderRecord& record, const Event& cause, Outputs& outputs);
  void doubt(OrderRecord& record, const Event& cause, Outputs& outputs);
  void ask(OrderRecord& record, const Event& cause, Outputs& outputs);
  void watch(OrderRecord& record, const Event& cause, Outputs& outputs);
  void cancel_due(const Event& cause, Outputs& outputs);
  void step_requests(const Event& cause, Outputs& outputs);
  void wake_at(Timestamp time) noexcept { next_work_at_ = std::min(next_work_at_, time); }
  static constexpr std::int64_t kNoDay = -1;

  void add_result(Money result, Timestamp now) noexcept;
  void look_at_day(Timestamp now) noexcept;
  void count_awaited_result(InstrumentId settled, Timestamp now);
  // Legs of one event hedge each other: what they earned counts when the last of them has settled.
  void add_settled_result(InstrumentId instrument, Money result, Timestamp now);
  void add_error(Timestamp now) noexcept;
  // Room for the reports that one more doubt or end may bring, and for the change of state that may follow.
  [[nodiscard]] static bool has_room(const Outputs& outputs) noexcept {
    return outputs.reports.size() + 4 < outputs.reports.capacity();
  }

  // Settlement (execution_engine.cpp).
  [[nodiscard]] bool awaits(InstrumentId instrument) const noexcept;
  void settle_awaited(InstrumentId instrument, const Event& cause, Outputs& outputs);
  void settle(InstrumentId instrument, Price yes_payout, const Event& cause, Outputs& outputs);
  void remember_payout(InstrumentId instrument, Price yes_payout) noexcept;

  // Requests (execution_requests.cpp).
  void note_fill(const OrderRequest& order, FillRecord& fill, bool is_reverted, Timestamp now) noexcept;
  void note_nakedness(RequestRecord& request, Timestamp now) noexcept;
  // Keeps aside what an ended purchase did not need, while its request may buy again.
  [[nodiscard]] bool take_back(const OrderRecord& record) noexcept;
  void order_ended(const OrderRequest& order, const Event& cause, Outputs& outputs);
  void reopen(RequestId id, const Event& cause, Outputs& outputs);
  void bound_by_position(LegState& leg) const noexcept;
  static void cut_leg(LegState& leg, Quantity quantity) noexcept;
  // A purchase has failed whose contracts were sold on: those that other requests bought went in their place, and these
  // buy them again, or sell what they hedged.
  void share_shortage(const OrderRequest& order, const Event& cause, Outputs& outputs);
  using RequestIds = BoundedVector<std::uint64_t, 32>;
  [[nodiscard]] Quantity held_by_requests(const OrderRequest& order) const noexcept;
  // Takes so much of this contract from whoever holds it; returns from whom.
  RequestIds take_from_requests(const OrderRequest& order, Quantity quantity, Timestamp now) noexcept;
  void step(RequestId id, RequestRecord& request, const Event& cause, Outputs& outputs);
  [[nodiscard]] bool send_plan(RequestId id, RequestRecord& request, const LegPlan& plan, const Event& cause,
                               Outputs& outputs);
  void finish(RequestId id, RequestRecord& request, const Event& cause, Outputs& outputs);
  void release_hold(LegState& leg, Detector detector) noexcept;
  [[nodiscard]] RequestOutcome outcome_of(const RequestRecord& request, const Nakedness& naked) const noexcept;
  // nullptr also for orders that belong to no request.
  [[nodiscard]] RequestRecord* find_request(RequestId id) noexcept {
    return id.value == 0 ? nullptr : requests_.find(id.value);
  }

  // Selling everything (execution_flatten.cpp).
  struct SaleMemory {
    std::uint64_t flatten = 0;  // which one this is about
    Money lost;
    Timestamp not_before = kNoTime;
    Duration back_off{};
  };
  [[nodiscard]] PositionSale sale_of(const Position& position, Timestamp now) const noexcept;
  [[nodiscard]] Quantity free_of(const Position& position) const noexcept;
  [[nodiscard]] SaleMemory* sale_memory(InstrumentId instrument, Outcome outcome) noexcept;
  void forget_sales(InstrumentId instrument) noexcept;
  void sell_positions(const Event& cause, Outputs& outputs);
  void sell(const Position& position, const PositionSale& sale, const Event& cause, Outputs& outputs);
  void note_sale(const OrderRequest& order, const FillRecord& fill, bool is_reverted, Timestamp now) noexcept;
  void sale_ended(const OrderRequest& order, Quantity filled, Timestamp now) noexcept;

  const MarketState& market_;
  Portfolio& portfolio_;
  const RiskGate& gate_;
  OrderTable orders_;
  FlatTable<RequestRecord> requests_;       // open ones, and the latest that have ended
  std::vector<std::uint64_t> done_;         // a ring of ended requests
  FlatTable<Price> awaited_payouts_;        // of settled contracts whose fills are not all known or final
  FlatTable<Price> payouts_;                // of contracts settled lately
  FlatTable<Money> settled_results_;        // by event: of settled contracts, while others of it are held
  FlatTable<std::uint8_t> inherited_;       // contracts held when the session began
  FlatTable<std::uint32_t> awaited_fills_;  // by contract: fills whose settlement on chain is awaited
  std::vector<std::uint64_t> settled_;      // a ring of the keys of payouts_
  RateWindow orders_in_minute_{std::chrono::minutes(1)};
  RateWindow orders_in_hour_{std::chrono::hours(1)};
  RateWindow errors_in_minute_{std::chrono::minutes(1)};
  Timestamp next_work_at_ = Timestamp::max();
  std::size_t next_done_ = 0;
  std::size_t next_settled_ = 0;
  std::size_t open_requests_ = 0;
  std::int64_t day_ = 0;
  Money day_result_;
  std::int64_t lost_day_ = kNoDay;  // whose limit was reached
  Money lost_limit_;                // the highest limit that was reached
  Money awaited_result_;            // of earlier sessions: counts when all that was inherited has settled
  std::uint64_t session_ = 0;
  std::uint64_t last_order_ = 0;
  std::uint64_t last_request_ = 0;
  std::uint64_t requests_made_ = 0;
  std::uint64_t broken_ = 0;
  std::uint64_t unwound_ = 0;
  FlatTable<SaleMemory> sales_;  // by instrument and outcome
  Flattened flattened_;
  std::uint64_t flattens_ = 0;
  bool is_flattening_ = false;
  TradingState state_ = TradingState::Active;
  ControlReason trouble_ = ControlReason::Unstated;
};

}  // namespace arbees
