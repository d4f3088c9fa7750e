#include "core/simulation/simulated_exchange.h"

#include <gtest/gtest.h>

#include "core/engine/test_engine.h"

namespace arbees {
namespace {

using test::money;
using test::price;

// The exchange alone: contracts without fees, books with a thousand at 0.50 on both sides, answers awaited.
class SimulatedExchangeTest : public testing::Test {
 protected:
  SimulatedExchangeTest() { say(cash(Venue::Kalshi, "10")); }

  static CashSnapshot cash(Venue venue, std::string_view amount) {
    CashSnapshot cash;
    cash.venue = venue;
    cash.cash = money(amount);
    return cash;
  }

  void say(EventBody body) {
    Event event;
    now_ += std::chrono::milliseconds(1);
    event.received_at = now_;
    event.sequence = ++sequence_;
    event.body = body;
    exchange_.observe(event);
  }

  void list(std::uint64_t id, Venue venue) {
    InstrumentNamed named;
    named.id = InstrumentId{id};
    named.venue = venue;
    say(named);
    say(ContractListed{InstrumentId{id}, test::threshold_terms(venue, 100)});
    ContractPhaseChanged active;
    active.id = InstrumentId{id};
    active.phase = ContractPhase::Active;
    say(active);
    BookUpdate update;
    update.id = InstrumentId{id};
    update.action = BookAction::Clear;
    update.flags = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
    say(update);
    update.action = BookAction::Set;
    update.quantity = Quantity::whole(1000);
    update.flags = BookUpdate::kSnapshot;
    update.price = price("0.49");
    update.side = BookSide::Bid;
    say(update);
    update.price = price("0.5");
    update.side = BookSide::Ask;
    update.flags |= BookUpdate::kLast;
    say(update);
  }

  void hold(std::uint64_t id, Outcome outcome, std::int64_t contracts) {
    PositionSnapshot position;
    position.id = InstrumentId{id};
    position.outcome = outcome;
    position.quantity = Quantity::whole(contracts);
    say(position);
  }

  // How an order for so many ends.
  OrderState trade(std::uint64_t id, Venue venue, Outcome outcome, Side side, std::int64_t contracts) {
    Outputs outputs;
    OrderCommand command;
    command.order.id = OrderId{++sequence_};
    command.order.instrument = InstrumentId{id};
    command.order.venue = venue;
    command.order.outcome = outcome;
    command.order.side = side;
    command.order.limit = side == Side::Buy ? price("0.51") : price("0.49");
    command.order.quantity = Quantity::whole(contracts);
    command.order.time_in_force = TimeInForce::FillOrKill;
    command.order.deadline = now_ + std::chrono::seconds(60);
    outputs.orders.push_back(command);
    exchange_.submit(outputs, now_);
    now_ += std::chrono::seconds(10);
    exchange_.advance(now_);
    OrderState state = OrderState::Unknown;
    Event event;
    while (exchange_.poll(now_, event)) {
      if (const auto* update = std::get_if<OrderUpdate>(&event.body)) state = update->state;
    }
    return state;
  }

  Timestamp now_ = from_unix_s(1000);
  std::uint64_t sequence_ = 0;
  SimulatedExchange exchange_{Capacity{}, LatencyModel{}, 1};
};

TEST_F(SimulatedExchangeTest, APairThatTheVenuePaysAtOnceCanBeSpentAgain) {
  list(1, Venue::Kalshi);
  list(2, Venue::Kalshi);
  EXPECT_EQ(trade(1, Venue::Kalshi, Outcome::Yes, Side::Buy, 10), OrderState::Filled);    // $5
  EXPECT_EQ(trade(2, Venue::Kalshi, Outcome::Yes, Side::Buy, 11), OrderState::Rejected);  // $5.50 of $5
  EXPECT_EQ(trade(1, Venue::Kalshi, Outcome::No, Side::Buy, 9), OrderState::Filled);      // $4.59: $9 come back
  EXPECT_EQ(trade(2, Venue::Kalshi, Outcome::Yes, Side::Buy, 18), OrderState::Filled);    // $9 of $9.41
  EXPECT_EQ(trade(2, Venue::Kalshi, Outcome::Yes, Side::Buy, 1), OrderState::Rejected);   // $0.50 of $0.41
}

TEST_F(SimulatedExchangeTest, WhoBreaksAPairPaysTheDollarBack) {
  list(1, Venue::Kalshi);
  list(2, Venue::Kalshi);
  hold(1, Outcome::Yes, 10);
  hold(1, Outcome::No, 10);
  EXPECT_EQ(trade(2, Venue::Kalshi, Outcome::Yes, Side::Buy, 39), OrderState::Filled);    // $19.50 of $20
  EXPECT_EQ(trade(1, Venue::Kalshi, Outcome::Yes, Side::Sell, 1), OrderState::Rejected);  // $0.51 of $0.50
  EXPECT_EQ(trade(2, Venue::Kalshi, Outcome::Yes, Side::Sell, 1), OrderState::Filled);    // no pair: brings $0.49
  EXPECT_EQ(trade(1, Venue::Kalshi, Outcome::Yes, Side::Sell, 1), OrderState::Filled);
}

TEST_F(SimulatedExchangeTest, OnPolymarketAPairWaitsForItsSettlement) {
  say(cash(Venue::Polymarket, "10"));
  list(1, Venue::Polymarket);
  EXPECT_EQ(trade(1, Venue::Polymarket, Outcome::Yes, Side::Buy, 10), OrderState::Filled);
  EXPECT_EQ(trade(1, Venue::Polymarket, Outcome::No, Side::Buy, 9), OrderState::Filled);
  EXPECT_EQ(trade(1, Venue::Polymarket, Outcome::No, Side::Buy, 1), OrderState::Rejected);
}

// What an earlier session has bought can be sold in this one.
TEST_F(SimulatedExchangeTest, PositionsThatItIsToldOfAreHeld) {
  list(1, Venue::Kalshi);
  EXPECT_EQ(trade(1, Venue::Kalshi, Outcome::Yes, Side::Sell, 5), OrderState::Rejected);
  hold(1, Outcome::Yes, 5);
  EXPECT_EQ(exchange_.held(InstrumentId{1}, Outcome::Yes), Quantity::whole(5));
  EXPECT_EQ(trade(1, Venue::Kalshi, Outcome::Yes, Side::Sell, 5), OrderState::Filled);
  EXPECT_EQ(exchange_.cash(Venue::Kalshi), money("12.45"));
}

}  // namespace
}  // namespace arbees
