#pragma once
// For tests: the paper venue alone, with a contract without fees. Answers arrive within the call that sends an order.

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

#include "core/risk/test_limits.h"
#include "core/simulation/simulated_exchange.h"

namespace arbees::limits_test {

struct Level {
  BookSide side;
  std::int64_t cents;
  std::int64_t contracts;
};

class PaperVenueTest : public testing::Test {
 protected:
  static constexpr InstrumentId kContract{1};

  PaperVenueTest() {
    CashSnapshot cash;
    cash.venue = Venue::Kalshi;
    cash.cash = dollars(1'000);
    see(cash);
    InstrumentNamed named;
    named.id = kContract;
    named.venue = Venue::Kalshi;
    see(named);
    see(ContractListed{kContract, at_least_terms(Venue::Kalshi, 63'000)});
    ContractPhaseChanged active;
    active.id = kContract;
    active.phase = ContractPhase::Active;
    see(active);
  }

  void see(EventBody body) {
    Event event;
    now_ += std::chrono::milliseconds(1);
    event.received_at = now_;
    event.body = body;
    exchange_.observe(event);
    hear();
  }
  // The whole book anew.
  void show(std::initializer_list<Level> levels) {
    BookUpdate update;
    update.id = kContract;
    update.action = BookAction::Clear;
    update.flags = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
    see(update);
    std::size_t left = levels.size();
    for (const Level& level : levels) {
      update = level_update(level);
      update.flags = BookUpdate::kSnapshot;
      if (--left == 0) update.flags |= BookUpdate::kLast;
      see(update);
    }
  }
  // One level changes to so many.
  void change(const Level& level) {
    BookUpdate update = level_update(level);
    update.flags = BookUpdate::kLast;
    see(update);
  }
  // Somebody sells Yes (takes bids) or buys it (takes asks) at this price.
  void trade(BookSide taker, std::int64_t cents_paid, std::int64_t contracts) {
    ContractTrade trade;
    trade.id = kContract;
    trade.price = cents(cents_paid);
    trade.quantity = Quantity::whole(contracts);
    trade.taker_side = taker;
    see(trade);
  }

  // Buys, unless changed: at most this price and quantity, immediate or cancelled.
  [[nodiscard]] OrderRequest order(Outcome outcome, std::int64_t limit, std::int64_t contracts) {
    OrderRequest order;
    order.id = OrderId{++last_order_};
    order.instrument = kContract;
    order.venue = Venue::Kalshi;
    order.asset = Asset::BTC;
    order.outcome = outcome;
    order.limit = cents(limit);
    order.quantity = Quantity::whole(contracts);
    return order;
  }
  [[nodiscard]] OrderRequest order(std::int64_t limit, std::int64_t contracts) {
    return order(Outcome::Yes, limit, contracts);
  }
  // All that is told of it until nothing is under way any more.
  std::vector<OrderUpdate> send(OrderRequest order, OrderAction action = OrderAction::Submit) {
    order.deadline = now_ + std::chrono::seconds(60);
    Outputs outputs;
    outputs.orders.push_back(OrderCommand{order, action});
    exchange_.submit(outputs, now_);
    heard_.clear();
    now_ += std::chrono::seconds(10);
    hear();
    return heard_;
  }
  // Sends it to rest; how its first answer calls it.
  OrderState rest(OrderRequest order) {
    order.time_in_force = TimeInForce::PostOnly;
    const std::vector<OrderUpdate> told = send(order);
    EXPECT_EQ(told.size(), 1u);
    return told.empty() ? OrderState::Unknown : told.front().state;
  }
  // What was filled of all orders since the last that was sent.
  [[nodiscard]] Quantity filled() {
    now_ += std::chrono::seconds(10);
    hear();
    Quantity sum;
    for (const OrderUpdate& update : heard_) sum += update.fill_quantity;
    return sum;
  }

  Timestamp now_ = from_unix_s(1'000);
  SimulatedExchange exchange_{Capacity{}, LatencyModel{}, 1};
  std::vector<OrderUpdate> heard_;

 private:
  static BookUpdate level_update(const Level& level) {
    BookUpdate update;
    update.id = kContract;
    update.action = BookAction::Set;
    update.side = level.side;
    update.price = cents(level.cents);
    update.quantity = Quantity::whole(level.contracts);
    return update;
  }
  void hear() {
    exchange_.advance(now_);
    Event event;
    while (exchange_.poll(now_, event)) {
      if (const auto* update = std::get_if<OrderUpdate>(&event.body)) heard_.push_back(*update);
    }
  }

  std::uint64_t last_order_ = 0;
};

}  // namespace arbees::limits_test
