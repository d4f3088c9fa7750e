#pragma once
// For tests: an execution engine alone. Requests are made by hand, venues answer when the test says so, and time is
// what the test says it is.

#include <memory>
#include <vector>

#include "core/engine/execution_engine.h"
#include "core/risk/test_limits.h"

namespace arbees::limits_test {

inline constexpr Duration kNanosecond{1};

// Yes of the lower strike at 40 cents and No of the higher one at 50, a hundred of each: they pay $100 at least.
class ExecutionTest : public LimitsTest {
 protected:
  static constexpr std::uint64_t kLower = 1;
  static constexpr std::uint64_t kHigher = 2;
  static constexpr std::int64_t kContracts = 100;

  ExecutionTest() {
    now_ = from_unix_s(36'000);  // where a minute begins, and an hour
    list(kLower, at_least_terms(Venue::Kalshi, 63'000), cents(39), cents(40));
    list(kHigher, at_least_terms(Venue::Kalshi, 64'000), cents(50), cents(51));
    start(no_limits());
  }

  // A new engine with $1,000 and nothing held.
  void start(const RiskLimits& limits) {
    portfolio_ = Portfolio{Capacity{}};
    portfolio_.set_cash(Venue::Kalshi, dollars(1'000));
    gate_ = std::make_unique<RiskGate>(limits, market_, portfolio_);
    execution_ = std::make_unique<ExecutionEngine>(Capacity{}, market_, portfolio_, *gate_);
    orders_.clear();
    ended_.clear();
    queries_ = 0;
  }

  [[nodiscard]] ExecutionRequest pair() const {
    ExecutionRequest request;
    request.created_at = now_;
    request.deadline = now_ + std::chrono::seconds(2);
    request.guaranteed = dollars(kContracts);
    request.detector = Detector::Ladder;
    request.legs.push_back(leg(kLower, Outcome::Yes, cents(40), kContracts));
    request.legs.push_back(leg(kHigher, Outcome::No, cents(50), kContracts));
    return request;
  }
  [[nodiscard]] ExecutionRequest single() const {
    ExecutionRequest request = pair();
    request.legs.pop_back();
    return request;
  }
  [[nodiscard]] bool can(const ExecutionRequest& request) const { return execution_->can_execute(request, Outputs{}); }
  void execute(ExecutionRequest request) {
    ASSERT_TRUE(can(request));
    request.id = execution_->next_request_id();
    tell([&](const Event& event) { execution_->execute(request, event, outputs_); });
  }

  template <class Body>
  void say(const Body& body) {
    tell([&](const Event& event) { execution_->on(body, event, outputs_); });
  }
  void advance() {
    tell([&](const Event& event) { execution_->advance(event, outputs_); });
  }
  void advance_to(Timestamp at) {
    now_ = at;
    advance();
  }

  static OrderUpdate update_of(const OrderRequest& order, OrderState state, RejectReason reason = RejectReason::None) {
    OrderUpdate update;
    update.id = order.id;
    update.instrument = order.instrument;
    update.state = state;
    update.reason = reason;
    return update;
  }
  OrderUpdate fill_of(const OrderRequest& order, Quantity quantity, OrderState state) {
    OrderUpdate update = update_of(order, state);
    update.venue_fill_id = ++fills_;
    update.fill_price = order.limit;
    update.fill_quantity = update.filled_total = quantity;
    return update;
  }
  void fill(const OrderRequest& order) { say(fill_of(order, order.quantity, OrderState::Filled)); }
  void refuse(const OrderRequest& order) { say(update_of(order, OrderState::Canceled, RejectReason::NoLiquidity)); }
  // The order sent last, which must be of this contract.
  [[nodiscard]] OrderRequest latest(std::uint64_t instrument, Side side) const {
    EXPECT_FALSE(orders_.empty());
    if (orders_.empty()) return {};
    EXPECT_EQ(orders_.back().instrument, InstrumentId{instrument});
    EXPECT_EQ(orders_.back().side, side);
    return orders_.back();
  }

  std::unique_ptr<RiskGate> gate_;
  std::unique_ptr<ExecutionEngine> execution_;
  std::vector<OrderRequest> orders_;  // all so far
  std::vector<RequestEnded> ended_;
  std::size_t queries_ = 0;

 private:
  template <class Call>
  void tell(Call&& call) {
    Event event;
    event.received_at = now_;
    outputs_.clear();
    call(event);
    for (const OrderCommand& command : outputs_.orders) {
      if (command.action == OrderAction::Submit) orders_.push_back(command.order);
      if (command.action == OrderAction::Query) ++queries_;
    }
    for (const Report& report : outputs_.reports) {
      if (const auto* ended = std::get_if<RequestEnded>(&report.body)) ended_.push_back(*ended);
    }
  }

  Outputs outputs_;
  std::uint64_t fills_ = 0;
};

}  // namespace arbees::limits_test
